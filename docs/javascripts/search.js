// Material loads the search worker (12 KB) and the index (25 KB for 15 pages, and growing) with every page. Here both wait
// for the reader's first click, key or touch. Loaded before Material's own script, which meets these in place of the
// browser's Worker and XMLHttpRequest.
(() => {
  const wanted = new Promise(resolve => {
    // The words to highlight, or to search for, come with some addresses.
    if (/[?&][hq]=/.test(location.search)) resolve()
    for (const event of ["pointerdown", "keydown", "focusin"]) addEventListener(event, resolve, { once: true })
  })

  const Native = Worker
  window.Worker = class extends EventTarget {
    constructor(...source) {
      super()
      this.started = wanted.then(() => {
        const worker = new Native(...source)
        worker.onmessage = ({ data }) => this.dispatchEvent(new MessageEvent("message", { data }))
        return worker
      })
    }
    postMessage(message) {
      this.started.then(worker => worker.postMessage(message))
    }
  }

  const { open, send } = XMLHttpRequest.prototype
  XMLHttpRequest.prototype.open = function (method, url) {
    this.waits = /search_index\.json$/.test(url)
    return open.apply(this, arguments)
  }
  XMLHttpRequest.prototype.send = function (body) {
    if (this.waits) wanted.then(() => send.call(this, body))
    else send.call(this, body)
  }
})()
