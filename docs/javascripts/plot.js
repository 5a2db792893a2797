// The explorer of an elementwise function; explorer.js loads this when its figure comes near.
import { ROLES, arcs, clamp, curve, short, text, ticks } from "./curve.js"
import { frame, italic, list, sign } from "./frame.js"

const NAMES = ["g", "g′", "g″"]

// g with a point and its tangent; under it g' and g'' on the same axis, so that slope and height line up.
export function plot(figure, data) {
  const [low, high] = data.range
  const self = frame(figure, data, sliders => `<div class="explorer-values"><label>${sign("z")}
    <input type="number" aria-label="z" min="${low}" max="${high}" step="0.01"></label>
    ${list(ROLES, (role, k) => `<div class="${role}">${sign(NAMES[k])}<b></b></div>`)}</div>
    ${data.pieces[1] ? "<p></p>" : ""}<svg><g aria-hidden="true"></g><g aria-hidden="true"></g>
    <circle r="12" tabindex="0" role="slider" aria-label="Point on the curve" aria-valuemin="${low}"
    aria-valuemax="${high}"></circle></svg>${sliders}`,
    [["tangent", "Tangent"], ["d1", NAMES[1]], ["d2", NAMES[2]]])
  const { box, one } = self, svg = one("svg"), handle = one("[role=slider]"), field = one("[type=number]")
  const [back, front] = svg.children, cells = box.querySelectorAll("b")
  let f, panels, scale, left, em

  const x = z => left + (z - low) * scale
  const sides = (i, k) => [f.row(i - 1)[k], f.row(i + 1)[k]]
  const differ = ([a, b]) => Math.abs(a - b) > 1e-6
  // The first of g, g' and g'' that differs on the two sides of a kink.
  const broken = i => [0, 1, 2].find(k => differ(sides(i, k)))
  const path = (name, d) => `<path class="${name}" d="${d}"/>`
  const dot = (name, z, y, r) => `<circle class="${name}" cx="${x(z)}" cy="${y}" r="${r}"/>`
  const label = (name, x, y, anchor, words) =>
    `<text class="${name}" x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`

  function panel(k, top, size) {
    const lines = arcs(f, k, low, high, scale), values = lines.flat().map(point => point[1])
    let bottom = Math.min(0, ...values), most = Math.max(0, ...values)
    const rim = most - bottom > 1e-5 ? 0.06 * (most - bottom) : 1 // a constant's rounding errors stay invisible
    bottom -= rim
    most += rim
    const y = v => top + size * (most - v) / (most - bottom)
    let drawn = list(ticks(bottom, most, k ? 4 : 5), v => path(v ? "grid" : "axis", `M${left} ${y(v)}H${x(high)}`)
      + label("", left - em / 2, y(v) + em / 3, "end", short(v))) + path("axis", `M${x(0)} ${top}v${size}`)
    const point = ([z, v]) => `${x(z).toFixed(2)} ${y(v).toFixed(2)}`
    drawn += path(ROLES[k], list(lines, arc => "M" + arc.map(point).join("L")))
    for (const i of f.kinks) {
      const z = f.z[i], value = f.row(i)[k]
      if (differ(sides(i, k)) && low < z && z < high) {
        drawn += list(sides(i, k), v => dot(ROLES[k] + " open", z, y(v), 4)) + dot(ROLES[k], z, y(value), 4)
      }
    }
    back.innerHTML += drawn + label(`name ${ROLES[k]}`, left + em / 2, top + em, "start", italic(NAMES[k]))
    return { k, y, top, size }
  }

  self.draw = () => {
    const { width, height } = svg.getBoundingClientRect()
    if (!width) return // on paper
    em = parseFloat(getComputedStyle(svg).fontSize)
    left = 3.5 * em
    scale = (width - left - 1.2 * em) / (high - low)
    f = curve(data, self.p)
    const shown = [0, 1, 2].filter(k => !self.off.includes(ROLES[k]))
    const gap = 1.2 * em, unit = (height - 1.8 * em - shown.length * gap) / (shown.length + 1)
    let top = 0.6 * em
    back.innerHTML = ""
    panels = shown.map(k => {
      const size = k ? unit : 2 * unit
      top += size + gap
      return panel(k, top - size - gap, size)
    })
    top -= gap / 2
    back.innerHTML += list(ticks(low, high, width / em / 4), z =>
      path("axis", `M${x(z)} ${top}v4`) + label("", x(z), top + 1.5 * em, "middle", short(z)))
    move(self.z)
  }

  self.words = () => {
    const jet = f.at(self.z)
    return [`z = ${short(self.z)}`, ...NAMES.map((name, k) => `${name} = ${short(jet[k])}`)].join(", ")
  }

  // What there is to say about the kinks: of the one at the point, or where they are.
  function note(kink) {
    const visible = f.kinks.filter(i => low < f.z[i] && f.z[i] < high && broken(i) != null)
    if (!kink) return visible.length ? `Not smooth at z = ${visible.map(i => short(f.z[i])).join(", ")}.` : ""
    const k = broken(kink), [a, b] = sides(kink, k).map(short)
    const what = k ? `${k == 1 ? "the slope" : "g″"} is ${a} on the left and ${b} on the right`
      : `g jumps from ${a} to ${b}`
    const given = [1, 2].filter(j => j >= k).map(j => `${NAMES[j]} = ${short(f.row(kink)[j])}`)
    return `At z = ${short(self.z)} ${what}: no ${k == 2 ? "second " : ""}derivative exists. `
      + `Shown by convention: ${given.join(", ")}.`
  }

  function move(z) {
    self.z = clamp(z, low, high)
    const jet = f.at(self.z), at = x(self.z), kink = f.kinks.find(i => f.z[i] == self.z && broken(i) != null)
    const bottom = panels.at(-1), [{ y, top, size }] = panels
    let drawn = path("guide", `M${at} ${top}V${bottom.top + bottom.size}`)
    if (!self.off.includes("tangent")) {
      const tangent = (name, [v, slope]) => {
        const dx = x(1) - x(0), dy = y(slope) - y(0), reach = Math.min(7 * em, 0.4 * size) / Math.hypot(dx, dy)
        return path(name, `M${at - reach * dx} ${y(v) - reach * dy}L${at + reach * dx} ${y(v) + reach * dy}`)
      }
      const lines = [["tangent", jet]]
      if (kink && broken(kink) < 2) lines.push(["side", f.row(kink - 1)], ["side", f.row(kink + 1)])
      // An inner svg cuts off what leaves the panel.
      drawn += `<svg width="100%" y="${top}" height="${size}" viewBox="0 ${top} ${x(high) + 1.2 * em} ${size}">${
        list(lines, line => tangent(...line))}</svg>`
      const right = self.z < (low + high) / 2, below = right == jet[1] >= 0
      const height = clamp(y(jet[0]) + (below ? 2 : -1.2) * em, top + em, top + size)
      drawn += label("slope d1", at + (right ? em : -em), height, right ? "start" : "end", `slope ${short(jet[1])}`)
    }
    front.innerHTML = drawn + panels.map(({ k, y }) => dot(ROLES[k], self.z, y(jet[k]), 5)).join("")
    handle.setAttribute("cx", at)
    handle.setAttribute("cy", y(jet[0]))
    handle.setAttribute("aria-valuenow", self.z)
    handle.setAttribute("aria-valuetext", self.words())
    if (document.activeElement != field) field.value = self.z
    cells.forEach((cell, k) => { cell.textContent = text(jet[k]) })
    if (one("p")) one("p").textContent = note(kink)
  }

  function drag({ clientX }) {
    const z = low + (clientX - svg.getBoundingClientRect().left - left) / scale
    const kink = f.kinks.find(i => Math.abs(f.z[i] - z) * scale < 6)
    move(kink ? f.z[kink] : +z.toFixed(2))
    self.later()
  }
  svg.addEventListener("pointerdown", event => {
    if (event.button) return
    event.preventDefault() // selects no text
    handle.focus()
    svg.setPointerCapture(event.pointerId)
    drag(event)
  })
  svg.addEventListener("pointermove", event => { if (svg.hasPointerCapture(event.pointerId)) drag(event) })
  handle.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const way = { ArrowRight: 1, ArrowUp: 1, PageUp: 1, ArrowLeft: -1, ArrowDown: -1, PageDown: -1 }[event.key]
    const end = { Home: low, End: high }[event.key]
    if (way == null && end == null) return
    event.preventDefault()
    const size = event.shiftKey || event.key.startsWith("Page") ? 1 : 0.1
    const to = Math.round((self.z + way * size) * 10) / 10
    // A step never passes over a kink.
    const kinks = f.kinks.map(i => f.z[i]).filter(k => (k - self.z) * (k - to) < 0)
    move(end ?? (way > 0 ? Math.min(...kinks, to) : Math.max(...kinks, to)))
    self.later()
  })
  field.addEventListener("input", () => {
    if (!field.validity.badInput && field.value) move(+field.value), self.later(true)
  })
  field.addEventListener("change", () => { field.value = self.z })
  new ResizeObserver(self.draw).observe(svg)
  figure.jet = (z, p = self.p) => curve(data, p).at(z)
  return self
}
