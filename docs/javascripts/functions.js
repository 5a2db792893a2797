// The functions index: finds, filters, sorts, and chooses what overlay.js draws. All facts are in the tables.
(() => {
  const form = document.querySelector(".functions-form"), figure = document.querySelector(".overlay")
  const caption = figure.querySelector("figcaption"), hint = caption.textContent, status = form.querySelector("[role=status]")
  const sections = [...document.querySelectorAll("section:has([data-name])")]
  const table = sections[0].querySelector("table"), body = table.tBodies[0] // of the elementwise functions
  const heads = [...table.tHead.rows[0].cells].filter(th => th.dataset.sort), rows = [...body.rows]
  const facts = row => row.querySelector("[data-name]").dataset
  const entries = sections.flatMap(section => [...section.querySelectorAll("tr:has([data-name])")]).map(row => {
    const { family, find, is } = facts(row)
    return { row, family, is: is.split(" "), text: plain(`${row.cells[0].textContent} ${find}`) }
  })
  const boxes = rows.map(row => row.insertCell(0).appendChild(document.createElement("input")))
  let sort = "", sorted = "", chosen = [], saying

  for (const head of heads) {
    head.innerHTML = `<button type="button">${head.innerHTML}</button>`
    head.firstChild.addEventListener("click", () => {
      const key = head.dataset.sort
      sort = sort == key ? "-" + key : sort == "-" + key ? "" : key
      show()
    })
  }
  table.tHead.rows[0].prepend(Object.assign(document.createElement("th"), { textContent: "Overlay" }))
  boxes.forEach((box, i) => {
    box.type = "checkbox"
    box.ariaLabel = "Overlay " + rows[i].querySelector("a").textContent.trim()
    box.addEventListener("change", () => {
      const { name } = facts(rows[i])
      chosen = box.checked ? [...chosen, name] : chosen.filter(other => other != name)
      draw()
      write()
    })
  })

  // Small letters, and a space for what one may write in more than one way: leaky_relu, Leaky ReLU, leaky-relu.
  function plain(text) {
    return text.toLowerCase().replace(/[\s_-]+/g, " ")
  }

  // What a row is sorted by in a column: a number, or a text.
  function value(row, column) {
    const cell = row.cells[column]
    return cell.dataset.value ? +cell.dataset.value : cell.textContent.trim().toLowerCase()
  }

  function show() {
    const wanted = new FormData(form), is = wanted.getAll("is"), family = wanted.get("family")
    const words = plain(wanted.get("find")).trim().split(" ")
    for (const entry of entries) {
      const has = is.every(key => entry.is.includes(key)) && words.every(word => entry.text.includes(word))
      entry.row.hidden = !has || family && entry.family != family
    }
    for (const section of sections) section.hidden = !section.querySelector("tr:not([hidden]) > [data-name]")
    if (sort != sorted) arrange()
    say(`${entries.filter(({ row }) => !row.hidden).length} of ${entries.length} functions`)
    write()
  }

  function arrange() {
    const key = sort.replace("-", ""), sign = sort == key ? 1 : -1
    const column = heads.find(head => head.dataset.sort == key)?.cellIndex
    const values = new Map(rows.map(row => [row, column && value(row, column)]))
    const order = (a, b) => (a > b) - (a < b)
    body.append(...[...rows].sort((a, b) => sign * order(values.get(a), values.get(b)))) // stable: without a key, as it was
    for (const head of heads) {
      if (head.dataset.sort == key) head.ariaSort = sign > 0 ? "ascending" : "descending"
      else head.removeAttribute("aria-sort")
    }
    sorted = sort
  }

  // Once the reader pauses, or each letter would be announced.
  function say(text) {
    clearTimeout(saying)
    saying = setTimeout(() => { if (status.textContent != text) status.textContent = text }, status.textContent ? 300 : 0)
  }

  function write() {
    const query = new URLSearchParams(), wanted = new FormData(form)
    const is = wanted.getAll("is").join(), overlay = chosen.join()
    const state = { find: wanted.get("find"), is, family: wanted.get("family"), sort, overlay }
    for (const [key, text] of Object.entries(state)) if (text) query.set(key, text)
    const hash = query.size ? "#" + String(query).replaceAll("%2C", ",") : ""
    if (hash || location.hash.includes("=")) history.replaceState(history.state, "", location.pathname + hash)
  }

  function read() {
    const given = new URLSearchParams(location.hash.slice(1)), list = key => (given.get(key) || "").split(",")
    form.find.value = given.get("find") || ""
    form.querySelectorAll("[name=is]").forEach(box => { box.checked = list("is").includes(box.value) })
    form.family.value = given.get("family") || ""
    if (form.family.selectedIndex < 0) form.family.value = ""
    sort = heads.some(head => head.dataset.sort == list("sort")[0].replace("-", "")) ? list("sort")[0] : ""
    chosen = list("overlay").filter(name => rows.some(row => facts(row).name == name)).slice(0, 3)
    boxes.forEach((box, i) => { box.checked = chosen.includes(facts(rows[i]).name) })
    draw()
    show()
  }

  async function draw() {
    boxes.forEach(box => { box.disabled = chosen.length == 3 && !box.checked })
    if (!chosen.length) return figure.querySelector("svg")?.remove(), caption.textContent = hint
    const names = chosen, { load, overlay } = await import("./overlay.js"), all = await load(names)
    if (names != chosen) return // others were chosen in the meantime
    const text = overlay(figure, all)
    caption.textContent = names.length < 3 ? text : text + " Three is the most: untick one to choose another."
  }

  form.addEventListener("input", show)
  form.addEventListener("reset", () => setTimeout(() => { sort = "", chosen = [], write(), read() }))
  form.addEventListener("submit", event => event.preventDefault())
  new ResizeObserver(draw).observe(table.closest("article"))
  addEventListener("hashchange", read)
  form.hidden = figure.hidden = false
  read()
})()
