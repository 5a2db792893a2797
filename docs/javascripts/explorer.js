// Turns a page's figure into an explorer. No formula is here: scripts/publish/samples.py says what the numbers are.
(() => {
  const script = document.currentScript.src
  const NAMES = ["g", "g′", "g″"], ROLES = ["g", "d1", "d2"]
  let current // the explorer of the page

  // The products of Chebyshev polynomials that a row's coefficients multiply.
  const weights = (axes, p) => axes.reduce((found, { low, high, power, terms }, i) => {
    const [a, b, at] = [low, high, p[i]].map(v => power == 1 ? v : v ** (1 / power))
    const angle = Math.acos(Math.min(1, Math.max(-1, 2 * (at - a) / (b - a) - 1)))
    return found.flatMap(f => Array.from({ length: terms }, (_, k) => f * Math.cos(k * angle)))
  }, [1])
  const sum = (row, w) => [row].flat().reduce((total, c, k) => total + c * w[k], 0)

  // An elementwise function at one setting of its parameters.
  function curve(data, p) {
    const w = weights(data.parameters, p)
    // Rounded, a kink that moves is the number that a reader types.
    const z = data.z.map(row => row.length ? tidy(sum(row, w)) : row)
    const rows = ROLES.map(role => data[role].map(row => sum(row, w) / 10 ** data.decimals[role]))
    const kinks = [], [g, d1, d2] = rows
    let start = 0
    for (const n of data.pieces) {
      if (n == 1) kinks.push(start)
      for (let i = start + 1; i < start + n; i++) {
        const h = z[i] - z[i - 1]
        d1[i] += d1[i - 1] + h * (d2[i - 1] + d2[i]) / 2
        g[i] += g[i - 1] + h * (d1[i - 1] + d1[i]) / 2 + h ** 2 * (d2[i - 1] - d2[i]) / 12
      }
      start += n
    }
    const row = i => rows.map(column => column[i])

    // [g, g', g'']: at a kink what is given there, elsewhere by the quintic with the jets at both ends of the interval.
    function at(x) {
      const kink = kinks.find(k => z[k] == x)
      if (kink) return row(kink)
      const i = z.findIndex((a, i) => a < z[i + 1] && a <= x && x <= z[i + 1])
      const h = z[i + 1] - z[i], t = (x - z[i]) / h
      const [g, d, s] = row(i).map((v, k) => v * h ** k), end = row(i + 1).map((v, k) => v * h ** k)
      const r0 = end[0] - g - d - s / 2, r1 = end[1] - d - s, r2 = end[2] - s
      const a = 10 * r0 - 4 * r1 + r2 / 2, b = 7 * r1 - 15 * r0 - r2, c = 6 * r0 - 3 * r1 + r2 / 2
      return [
        g + t * (d + t * (s / 2 + t * (a + t * (b + t * c)))),
        (d + t * (s + t * (3 * a + t * (4 * b + t * 5 * c)))) / h,
        (s + t * (6 * a + t * (12 * b + t * 20 * c))) / h ** 2,
      ]
    }
    return { at, z, row, kinks }
  }

  // g, g' or g'' (k = 0, 1, 2) at `scale` pixels a unit: the arcs between kinks as lists of [z, value], with the
  // one-sided values at their ends.
  function arcs(f, k, low, high, scale) {
    const found = [[]]
    for (let i = 0; i + 1 < f.z.length; i++) {
      if (f.kinks.includes(i)) found.push([])
      const a = Math.max(f.z[i], low), b = Math.min(f.z[i + 1], high)
      if (!(a < b)) continue
      const steps = Math.ceil((b - a) * scale / 2)
      for (let j = 0; j <= steps; j++) {
        const z = j < steps ? a + (b - a) * j / steps : b
        const jet = z == f.z[i] ? f.row(i) : z == f.z[i + 1] ? f.row(i + 1) : f.at(z)
        found.at(-1).push([z, jet[k]])
      }
    }
    return found.filter(arc => arc.length)
  }

  const text = (x, digits = 5) => (+x.toFixed(digits) || 0).toFixed(digits).replace("-", "−")
  const short = x => text(x).replace(/\.?0+$/, "")
  // As formulas look in print; a screen reader gets the plain letters.
  const ITALICS = { g: "𝑔", z: "𝑧", "′": "ʹ", "″": "ʺ" }
  const italic = name => name.replace(/\b[gz](?![a-z])|[′″]/g, letter => ITALICS[letter])
  const sign = name => `<i role="img" aria-label="${name}">${italic(name)}</i>`
  const list = (items, html) => items.map(html).join("")
  const clamp = (x, low, high) => Math.min(high, Math.max(low, x))
  const tidy = x => +x.toFixed(11)

  // Round numbers from low to high, at most so many steps apart.
  function ticks(low, high, most) {
    let step = 10 ** Math.floor(Math.log10((high - low) / most))
    step *= [1, 2, 5, 10].find(f => (high - low) / (f * step) <= most)
    const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9)
    return Array.from({ length: last - first + 1 }, (_, i) => tidy((first + i) * step))
  }

  // What both kinds have: sliders, switches, buttons, and the state in the address.
  function frame(figure, data, view, switches) {
    const box = document.createElement("div")
    box.className = "explorer"
    const sliders = list(data.parameters, p => `<label>${sign(p.symbol)}<input type="range" aria-label="${p.symbol}"
      min="${p.low}" max="${p.high}" step="${p.step}"><output aria-live="off"></output></label>`)
    const checkboxes = list(switches, ([key, name]) => `<label>
      <input type="checkbox" name="${key}" aria-label="${name}">${key == "tangent" ? name : sign(name)}</label>`)
    box.innerHTML = `${view(`<div class="explorer-sliders">${sliders}</div>`)}
      <div class="explorer-bar">${checkboxes}<div><button type="button" name="reset">Reset</button>
      <button type="button" name="copy">Copy link</button></div></div><p class="explorer-status" role="status"></p>`
    figure.append(box)
    const one = selector => box.querySelector(selector), all = selector => [...box.querySelectorAll(selector)]
    const ranges = all("[type=range]"), checks = all("[type=checkbox]")
    const self = { box, one, z: 1, p: [], off: [], set, read, later }
    let timer

    function set(query) {
      const given = new URLSearchParams(query)
      const number = (key, { low, high, default: usual }) => {
        const x = given.get(key)
        return x && isFinite(x) ? clamp(+x, low, high) : usual
      }
      if (data.range) self.z = number("z", { low: data.range[0], high: data.range[1], default: 1 })
      ranges.forEach((range, i) => { range.value = number(data.parameters[i].name, data.parameters[i]) })
      checks.forEach(check => { check.checked = !(given.get("hide") || "").split(",").includes(check.name) })
      read()
    }

    function read() {
      self.p = ranges.map(range => +range.value)
      ranges.forEach((range, i) => { range.nextElementSibling.value = short(self.p[i]) })
      self.off = checks.filter(check => !check.checked).map(check => check.name)
      self.draw()
    }

    function write() {
      const query = new URLSearchParams(data.range ? { z: self.z } : {})
      data.parameters.forEach((p, i) => query.set(p.name, self.p[i]))
      if (self.off.length) query.set("hide", self.off.join())
      history.replaceState(history.state, "", `#${query}`)
    }

    // Not on every move: browsers limit how often the address may change, and nobody listens that fast.
    function later(spoken) {
      clearTimeout(timer)
      timer = setTimeout(() => {
        write()
        if (spoken) one(".explorer-status").textContent = self.words()
      }, 400)
    }

    box.addEventListener("input", event => {
      if (event.target.matches("[type=range], [type=checkbox]")) read(), later(true)
    })
    one("[name=reset]").addEventListener("click", () => { set(""), later(true) })
    one("[name=copy]").addEventListener("click", async ({ target }) => {
      write()
      try {
        await navigator.clipboard.writeText(location.href)
        target.textContent = "Copied"
      } catch {
        target.textContent = "See address bar" // without HTTPS or leave, a page can't write to the clipboard
      }
      setTimeout(() => { target.textContent = "Copy link" }, 2000)
    })
    return self
  }

  // g with a point and its tangent; under it g' and g'' on the same axis, so that slope and height line up.
  function plot(figure, data) {
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

  async function start(figure) {
    let data
    try {
      data = await (await fetch(new URL(`../generated/${figure.dataset.explorer}/curves.json`, script))).json()
    } catch {
      figure.removeAttribute("data-explorer") // the figure stays as it is on paper
    }
    const view = data && (data.range ? plot : (await import(new URL("vector.js", script))).bars)
    if (!view) return
    current = view(figure, data)
    figure.classList.add("live")
    current.set(state())
  }

  // What overlay.js and vector.js use as well.
  window.explorer = { arcs, curve, frame, list, short, sign, sum, text, ticks, weights }

  // "#z=1.5&alpha=0.2"; an anchor has no "=".
  const state = () => location.hash.includes("=") ? location.hash.slice(1) : ""
  const near = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) near.unobserve(target), start(target)
    }
  }, { rootMargin: "400px" })
  for (const figure of document.querySelectorAll("[data-explorer]")) near.observe(figure)
  addEventListener("hashchange", () => { if (state()) current?.set(state()) })
})()
