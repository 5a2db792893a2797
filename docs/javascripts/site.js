// Runs on every page, also after instant navigation.
document$.subscribe(() => {
  // Material's search dialog has a role but no name, which a screen reader announces as "dialog".
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search")

  // Each copy button stands in a landmark of its own, without a name; a landmark is for what a reader looks for.
  document.querySelectorAll(".md-code__nav").forEach(nav => nav.setAttribute("role", "none"))

  // What is wider than its box can be scrolled with the keyboard; all else stays out of the tab order.
  const resized = new ResizeObserver(entries => {
    for (const { target } of entries) {
      const name = target.matches(".equation") ? "Equation, scrollable" : "Table, scrollable"
      const attributes = { tabindex: 0, role: "group", "aria-label": name }
      for (const [attribute, value] of Object.entries(attributes))
        if (target.scrollWidth > target.clientWidth) target.setAttribute(attribute, value)
        else target.removeAttribute(attribute)
    }
  })
  document.querySelectorAll(".equation, .md-typeset__scrollwrap").forEach(box => resized.observe(box))
})
