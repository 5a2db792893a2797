// Runs on every page, also after instant navigation.
document$.subscribe(() => {
  // Material's search dialog has a role but no name, which a screen reader announces as "dialog".
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search")

  // An equation wider than its box can be scrolled with the keyboard; the others stay out of the tab order.
  const resized = new ResizeObserver(entries => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) {
        target.tabIndex = 0
        target.setAttribute("role", "group")
        target.setAttribute("aria-label", "Equation, scrollable")
      } else {
        target.removeAttribute("tabindex")
        target.removeAttribute("role")
        target.removeAttribute("aria-label")
      }
    }
  })
  document.querySelectorAll(".equation").forEach(equation => resized.observe(equation))
})
