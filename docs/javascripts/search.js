// The theme loads its search worker (12 KB) and the index (25 KB for 15 pages, and growing) with every page. Here both wait
// for the reader's first click, key or touch. Loaded before the theme's own script, which meets these in place of the
// browser's Worker and XMLHttpRequest; any other worker, and any other request, is the browser's.
{
  const wanted = new Promise(resolve => {
    // The words to highlight, or to search for, come with some addresses.
    if (/[?&][hq]=/.test(location.search)) resolve()
    for (const event of ["pointerdown", "keydown", "focusin"]) addEventListener(event, resolve, { once: true })
  })

  const Native = Worker
  class Waiting extends EventTarget {
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
  window.Worker = new Proxy(Native, {
    construct(target, source) {
      return String(source[0]).includes("/workers/search") ? new Waiting(...source) : new target(...source)
    },
  })

  const { open, send } = XMLHttpRequest.prototype
  XMLHttpRequest.prototype.open = function (method, url) {
    this.waits = /search_index\.json$/.test(url)
    return open.apply(this, arguments)
  }
  XMLHttpRequest.prototype.send = function (body) {
    if (this.waits) wanted.then(() => send.call(this, body))
    else send.call(this, body)
  }
}
