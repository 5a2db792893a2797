// Formulas: scrolled by key, laid out in time, copied as LaTeX. A classic script, not a module, which browsers don't load from
// a disk: nothing here needs a server. It knows nothing of the theme (theme.js does).
{
  // What is wider than its box can be scrolled with the keyboard; all else stays out of the tab order. All widths are read
  // before anything is written, or each would be computed anew.
  const resized = new ResizeObserver(entries => {
    const wide = entries.map(({ target }) => target.scrollWidth > target.clientWidth)
    entries.forEach(({ target }, i) => {
      const what = target.matches(".equation") ? "Equation" : "Table"
      const attributes = { tabindex: 0, role: "group", "aria-label": `${what}, scrollable` }
      for (const [attribute, value] of Object.entries(attributes))
        if (wide[i]) target.setAttribute(attribute, value)
        else target.removeAttribute(attribute)
    })
  })
  document.addEventListener("boxed", ({ target }) => resized.observe(target)) // theme.js knows the boxes of tables

  // An equation that waits for the screen is laid out before that, a few at a time, while there is nothing else to do: once
  // the reader moves, so that a page that only opens costs a phone a second less. For a reader who comes for one place of
  // the page or goes to its end, all are at once, so that it stays where it is.
  const waiting = [...document.querySelectorAll(".equation")], idle = window.requestIdleCallback ?? setTimeout
  const settle = count => {
    for (const box of waiting.splice(0, count)) {
      box.classList.add("settled")
      resized.observe(box) // again: it has its width now
    }
    if (waiting.length) idle(() => settle(2))
  }
  waiting.forEach(box => resized.observe(box))
  if (location.hash) settle(waiting.length)
  else new Promise(resolve => {
    for (const event of ["scroll", "pointermove", "pointerdown", "keydown", "focusin"])
      addEventListener(event, resolve, { once: true, passive: true })
  }).then(({ key }) => key == "End" ? settle(waiting.length) : idle(() => settle(2)))

  // What is on a disk can't be fetched: the figures stay as they are on paper.
  if (location.protocol == "file:")
    document.querySelectorAll("[data-explorer]").forEach(figure => figure.removeAttribute("data-explorer"))
}

// Formulas are copied as LaTeX: one alone as it is, those in a text between dollars. With nothing selected, the focus on
// an equation's permalink stands for the equation.
document.addEventListener("copy", event => {
  const selection = getSelection(), range = document.createRange()
  const formula = node => (node.closest ? node : node.parentElement)?.closest("[data-tex]")
  if (!selection.isCollapsed) {
    const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0)
    // A part of a formula has no LaTeX of its own: the whole of it is taken.
    formula(startContainer) ? range.setStartBefore(formula(startContainer)) : range.setStart(startContainer, startOffset)
    formula(endContainer) ? range.setEndAfter(formula(endContainer)) : range.setEnd(endContainer, endOffset)
  } else if (document.activeElement.closest(".equation")) range.selectNode(formula(document.activeElement))

  const copy = document.createElement("div")
  copy.append(range.cloneContents())
  copy.querySelectorAll(".headerlink, button").forEach(control => control.remove())
  const found = copy.querySelectorAll("[data-tex]")
  if (!found.length) return
  const alone = copy.textContent.trim() == found[0].textContent.trim() && found[0].dataset.tex
  for (const one of found) {
    const display = one.matches(".equation"), text = document.createElement(display ? "div" : "span")
    text.textContent = display ? `$$\n${one.dataset.tex}\n$$` : `$${one.dataset.tex}$`
    text.style.whiteSpace = "pre"
    one.replaceWith(text)
  }
  // Only what is on the page has lines.
  copy.style = "position: fixed; inset-inline-start: -99rem"
  document.body.append(copy)
  event.clipboardData.setData("text/plain", alone || copy.innerText.trim())
  copy.remove()
  event.preventDefault()
})
