// What each explorer has, of one function or of many outputs.
import { clamp, short } from "./curve.js"

// As formulas look in print; a screen reader gets the plain letters.
const ITALICS = { g: "𝑔", z: "𝑧", "′": "ʹ", "″": "ʺ" }
export const italic = name => name.replace(/\b[gz](?![a-z])|[′″]/g, letter => ITALICS[letter])
export const sign = name => `<i role="img" aria-label="${name}">${italic(name)}</i>`
export const list = (items, html) => items.map(html).join("")

// What both kinds have: sliders, switches, buttons, and the state in the address.
export function frame(figure, data, view, switches) {
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
