// The functions index: filters, sorts, and chooses what overlay.js draws. All facts are in the table.
(() => {
  const form = document.querySelector(".functions-form"), figure = document.querySelector(".overlay")
  const caption = figure.querySelector("figcaption"), hint = caption.textContent, status = form.querySelector("[role=status]")
  const table = document.querySelector("[data-name]").closest("table")
  const heads = [...table.tHead.rows[0].cells].filter(th => th.dataset.sort), rows = [...table.tBodies[0].rows]
  const facts = row => row.querySelector("[data-name]").dataset
  const boxes = rows.map(row => row.insertCell(0).appendChild(document.createElement("input")))
  let sort = "", chosen = []

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

  // What a row is sorted by in a column: a number, or a text.
  function value(row, column) {
    const cell = row.cells[column]
    return cell.dataset.value ? +cell.dataset.value : cell.textContent.trim().toLowerCase()
  }

  function show() {
    const wanted = new FormData(form), is = wanted.getAll("is"), family = wanted.get("family")
    for (const row of rows) {
      const has = facts(row).is.split(" ")
      row.hidden = !is.every(key => has.includes(key)) || family && facts(row).family != family
    }
    const key = sort.replace("-", ""), sign = sort == key ? 1 : -1
    const column = heads.find(head => head.dataset.sort == key)?.cellIndex
    const order = (a, b) => (a > b) - (a < b)
    const sorted = column ? [...rows].sort((a, b) => sign * order(value(a, column), value(b, column))) : rows
    table.tBodies[0].append(...sorted)
    for (const head of heads) {
      if (head.dataset.sort == key) head.ariaSort = sign > 0 ? "ascending" : "descending"
      else head.removeAttribute("aria-sort")
    }
    status.textContent = `${rows.filter(row => !row.hidden).length} of ${rows.length} functions`
    write()
  }

  function write() {
    const query = new URLSearchParams(), wanted = new FormData(form)
    const state = { is: wanted.getAll("is").join(), family: wanted.get("family"), sort, overlay: chosen.join() }
    for (const [key, text] of Object.entries(state)) if (text) query.set(key, text)
    const hash = query.size ? "#" + String(query).replaceAll("%2C", ",") : ""
    if (hash || location.hash.includes("=")) history.replaceState(history.state, "", location.pathname + hash)
  }

  function read() {
    const given = new URLSearchParams(location.hash.slice(1)), list = key => (given.get(key) || "").split(",")
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
