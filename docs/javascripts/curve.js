// The numbers of curves.json: what they mean, and how they are written. No formula is here: scripts/publish/samples.py says
// what is in the file.
export const ROLES = ["g", "d1", "d2"]

// The products of Chebyshev polynomials that a row's coefficients multiply.
export const weights = (axes, p) => axes.reduce((found, { low, high, power, terms }, i) => {
  const [a, b, at] = [low, high, p[i]].map(v => power == 1 ? v : v ** (1 / power))
  const angle = Math.acos(Math.min(1, Math.max(-1, 2 * (at - a) / (b - a) - 1)))
  return found.flatMap(f => Array.from({ length: terms }, (_, k) => f * Math.cos(k * angle)))
}, [1])
export const sum = (row, w) => [row].flat().reduce((total, c, k) => total + c * w[k], 0)

// An elementwise function at one setting of its parameters.
export function curve(data, p) {
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
export function arcs(f, k, low, high, scale) {
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

export const clamp = (x, low, high) => Math.min(high, Math.max(low, x))
export const tidy = x => +x.toFixed(11)
export const text = (x, digits = 5) => (+x.toFixed(digits) || 0).toFixed(digits).replace("-", "−")
export const short = x => text(x).replace(/\.?0+$/, "")

// Round numbers from low to high, at most so many steps apart.
export function ticks(low, high, most) {
  let step = 10 ** Math.floor(Math.log10((high - low) / most))
  step *= [1, 2, 5, 10].find(f => (high - low) / (f * step) <= most)
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => tidy((first + i) * step))
}
