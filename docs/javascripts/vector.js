// The explorer of a vector function; explorer.js loads this when its figure comes near.
import { sum, text, weights } from "./curve.js"
import { frame, list, sign } from "./frame.js"

// Where on the lattice a setting is.
const place = (axes, x) => axes.reduce((found, { low, step, count }, i) =>
  found * count + Math.min(count - 1, Math.max(0, Math.round((x[i] - low) / step))), 0)

// A vector function: its outputs and its Jacobian, row by row.
function evaluate(data, settings) {
  const p = settings.slice(0, data.inputs), order = p.map((_, i) => i)
  let x = p
  if (data.sorted) {
    order.sort((i, j) => p[j] - p[i])
    x = order.slice(1).map(i => p[order[0]] - p[i])
  }
  const w = data.lattice ? place(data.lattice, [...x, ...settings.slice(data.inputs)]) : weights(data.differences, x)
  const number = row => (data.lattice ? row[w] : sum(row, w)) / 10 ** data.decimals
  const n = data.outputs.length, m = p.length
  const outputs = [], jacobian = Array.from({ length: n }, () => [])
  for (let i = 0; i < n; i++) {
    const to = data.sorted ? order[i] : i
    outputs[to] = number(data.outputs[i])
    for (let j = 0; j < m; j++) jacobian[to][order[j]] = number(data.jacobian[i * m + j])
  }
  return { outputs, jacobian }
}

// Some inputs, bars for the outputs, and the Jacobian as a table whose cells are coloured by their numbers.
export function vector(figure, data) {
  const names = data.parameters.slice(0, data.inputs).map(p => p.symbol), count = data.outputs.length
  const outputs = count > 1 ? data.outputs.map((_, i) => "g" + "₁₂₃₄₅₆₇₈₉"[i]) : ["g"]
  const self = frame(figure, data, sliders => `${sliders}<table class="explorer-bars"><caption>Outputs</caption>
    ${list(outputs, name => `<tr><th scope="row">${sign(name)}</th><td></td><td><div></div></td></tr>`)}</table>
    <table class="explorer-jacobian"><caption>Jacobian: how each output reacts to each input</caption>
    <tr><td></td>${list(names, name => `<th scope="col">${sign("∂" + name)}</th>`)}</tr>
    ${list(outputs, name => `<tr><th scope="row">${sign("∂" + name)}</th>${list(names, () => "<td></td>")}</tr>`)}
    </table>`, [])
  const rows = self.box.querySelectorAll(".explorer-bars tr")
  const cells = self.box.querySelectorAll(".explorer-jacobian tr + tr td")
  let f
  self.draw = () => {
    f = evaluate(data, self.p)
    const size = Math.max(1, ...f.outputs.map(Math.abs))
    rows.forEach((row, i) => {
      row.children[1].textContent = text(f.outputs[i], 4)
      row.querySelector("div").style.inlineSize = `${Math.abs(f.outputs[i]) / size * 100}%`
      row.querySelector("div").className = f.outputs[i] < 0 ? "negative" : ""
    })
    cells.forEach((cell, i) => {
      const slope = f.jacobian.flat()[i]
      cell.textContent = text(slope, 4)
      cell.className = slope < 0 ? "negative" : ""
      cell.style.setProperty("--part", `${Math.min(1, Math.abs(slope)) ** 0.5 * 50}%`)
    })
  }
  self.words = () => outputs.map((name, i) => `${name} = ${text(f.outputs[i], 4)}`).join(", ")
  figure.jet = (p = self.p) => evaluate(data, p)
  return self
}
