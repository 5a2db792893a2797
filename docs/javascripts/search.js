// Stands between Material's search box and Pagefind: the worker that the box talks to. Material's own would load the text
// of all pages before the first result; Pagefind loads what a query needs, once the reader types.

const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3 // the messages of Material's search box
const PAGES = 6 // with excerpts; each is a file to load
const PAUSE = 250 // ms without a key before anything is loaded
// A name in the title counts most; words that only begin like the one typed count little, and below FAINT nothing.
const RANKING = { termSimilarity: 10, metaWeights: { title: 20 } }, FAINT = 0.1

let asked = 0, engine

function start() {
  engine ??= import("../pagefind/pagefind.js").then(async pagefind => {
    await pagefind.options({ baseUrl: "/", excerptLength: 20, ranking: RANKING })
    return pagefind
  })
  engine.catch(() => { engine = undefined }) // offline: tried again with the next key
  return engine
}

async function search(query) {
  const words = query.replace(/[._]+(?=\p{L})/gu, " ").trim() // leaky_relu, torch.sigmoid: words; 0.25: a number
  const { results } = await (await start()).search(words)
  const near = results.filter(({ score }) => score > FAINT).slice(0, PAGES)
  const found = await Promise.all(near.map(async result => page(await result.data(), result.score)))
  const named = ([{ title }]) => title.toLowerCase() === words.toLowerCase()
  return { items: [...found.filter(named), ...found.filter(items => !named(items))] }
}

// As Material's worker gives a page: itself first, then its sections, best first.
function page({ url, meta, excerpt, sub_results: sections }, score) {
  const item = ({ url, title, excerpt }, score) => ({
    location: url.replace(/^\//, ""), title, text: `<p>${excerpt}</p>`, score, terms: {}
  })
  const below = sections.filter(({ anchor }) => anchor && anchor.element !== "h1")
  const own = sections.find(section => !below.includes(section))
  return [
    item({ url, title: meta.title, excerpt: own?.excerpt ?? excerpt }, score),
    ...below.map((section, at) => item(section, score / (at + 2)))
  ]
}

addEventListener("message", async ({ data: { type, data } }) => {
  if (type === SETUP) postMessage({ type: READY })
  if (type !== QUERY) return
  const turn = ++asked
  let found = { items: [] }
  if (data.trim()) {
    await new Promise(resolve => setTimeout(resolve, PAUSE))
    if (turn !== asked) return
    try {
      found = await search(data)
    } catch (error) {
      console.warn(error)
    }
  }
  if (turn === asked) postMessage({ type: RESULT, data: found })
})
