// What reaches into the theme's private parts, its classes and ids. After an update of the theme, this file and theme.css are
// what to read; tests hold that each selector meets something. Where one doesn't, that part is left out and all else goes on.
{
  const all = selector => document.querySelectorAll(selector)

  // Once the theme has put tables and code into boxes.
  window.document$?.subscribe(() => {
    // The search dialog has a role but no name, which a screen reader announces as "dialog".
    for (const dialog of all(".md-search")) dialog.setAttribute("aria-label", "Search")

    // Each copy button stands in a landmark of its own, without a name; a landmark is for what a reader looks for.
    for (const nav of all(".md-code__nav")) nav.setAttribute("role", "none")

    for (const box of all(".md-typeset__scrollwrap")) box.dispatchEvent(new Event("boxed", { bubbles: true }))
  })

  // The menu button of a narrow screen is a label, which the keyboard does not reach: a button takes its place.
  const drawer = document.querySelector("#__drawer"), label = document.querySelector(".md-header__button[for=__drawer]")
  if (drawer && label) {
    const button = document.createElement("button")
    for (const [name, value] of Object.entries({ for: "__drawer", class: label.className, "aria-label": "Navigation" }))
      button.setAttribute(name, value)
    button.append(...label.children)
    button.addEventListener("click", () => {
      drawer.click()
      document.querySelector(".md-sidebar--primary a")?.focus()
    })
    label.replaceWith(button)
    document.addEventListener("keydown", event => {
      if (event.key != "Escape" || !drawer.checked) return
      drawer.click()
      button.focus()
    })
  }
}
