// Curves of several functions over each other; functions.js loads this when one is chosen.
import { arcs, curve, short, ticks } from "./curve.js"

const files = {}

// The data of curves.json for each name.
export const load = names => Promise.all(names.map(name => files[name] ??=
  fetch(new URL(`../generated/${name}/curves.json`, import.meta.url)).then(file => file.json())))

// Puts g and g' of all functions into the figure, before its caption: side by side or, where it is narrow, one under the
// other. Returns a description.
export function overlay(figure, all) {
  const functions = all.map(data => curve(data, data.parameters.map(p => p.default)))
  const low = Math.max(...all.map(data => data.range[0])), high = Math.min(...all.map(data => data.range[1]))
  const em = parseFloat(getComputedStyle(figure).fontSize), total = figure.clientWidth, wide = total > 40 * em
  const left = 3 * em, right = 0.6 * em * Math.max(...all.map(data => data.title.length)) + em
  const height = 10 * em, scale = ((wide ? total / 2 - em : total) - left - right) / (high - low)
  const path = (kind, d) => `<path class="${kind}" d="${d}"/>`
  const label = (kind, x, y, anchor, text) => `<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`

  function panel(sign, k) {
    const lines = functions.map(f => arcs(f, k, low, high, scale)), values = lines.flat(2).map(point => point[1])
    const bottom = Math.min(0, ...values), top = Math.max(0, ...values)
    const x = z => left + (z - low) * scale, y = v => em + height * (top - v) / (top - bottom)
    const drawn = [
      path("axis", `M${x(0)} ${y(top)}V${y(bottom)}`),
      ...ticks(bottom, top, 4).map(v => path(v ? "grid" : "axis", `M${left} ${y(v)}H${x(high)}`)
        + label("", left - em / 2, y(v) + em / 3, "end", short(v))),
      ...ticks(low, high, 5).map(z => label("", x(z), height + 2.6 * em, "middle", short(z))),
      label("name", left + em / 2, 1.2 * em, "start", sign),
      ...lines.map((line, i) => path("curve" + i, line.map(arc =>
        "M" + arc.map(([z, v]) => `${x(z).toFixed(1)} ${y(v).toFixed(1)}`).join("L")).join(""))),
    ]
    // Names stand at the ends of their curves, a line apart.
    const ends = lines.map((line, i) => ({ i, at: y(line.at(-1).at(-1)[1]) })).sort((a, b) => a.at - b.at)
    ends.forEach((end, j) => { if (j) end.at = Math.max(end.at, ends[j - 1].at + 1.2 * em) })
    const over = Math.max(0, ends.at(-1).at - height - em)
    for (const { i, at } of ends) drawn.push(label("curve" + i, x(high) + em / 3, at - over + em / 3, "start", all[i].title))
    const place = wide ? [k * total / 2, 0] : [0, k * (height + 4 * em)]
    return `<g transform="translate(${place})">${drawn.join("")}</g>`
  }

  const text = `${wide ? "Left" : "Above"} g, ${wide ? "right" : "below"} its slope g′: ${all.map(data => data.title).join(", ")}.`
  figure.querySelector("svg")?.remove()
  figure.insertAdjacentHTML("afterbegin", `<svg role="img" aria-label="${text}"
    viewBox="0 0 ${total} ${wide ? height + 3 * em : 2 * height + 7 * em}">${["𝑔", "𝑔ʹ"].map(panel).join("")}</svg>`)
  return text
}
