// Turns a page's figure into an explorer when it comes near.
const views = { plot: () => import("./plot.js"), vector: () => import("./vector.js") }
let current // the explorer of the page

async function start(figure) {
  const kind = figure.matches(".vector") ? "vector" : "plot"
  const numbers = new URL(`../generated/${figure.dataset.explorer}/curves.json`, import.meta.url)
  let view, data
  try {
    [view, data] = await Promise.all([views[kind](), fetch(numbers).then(file => file.json())])
  } catch {
    figure.removeAttribute("data-explorer") // the figure stays as it is on paper
    return
  }
  current = view[kind](figure, data)
  figure.classList.add("live")
  current.set(state())
}

// "#z=1.5&alpha=0.2"; an anchor has no "=".
const state = () => location.hash.includes("=") ? location.hash.slice(1) : ""
const near = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) near.unobserve(target), start(target)
  }
}, { rootMargin: "400px" })
for (const figure of document.querySelectorAll("[data-explorer]")) near.observe(figure)
addEventListener("hashchange", () => { if (state()) current?.set(state()) })
