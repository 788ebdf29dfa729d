// Keep the live parts of the page fresh. Without JavaScript the page still works by reloading it.
(() => {
  const parts = ["status", "steps"];
  let version = document.body.dataset.version;
  async function refresh() {
    try {
      const answer = await fetch(location.pathname, { headers: { "X-Live": "1" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of parts) {
        const here = document.getElementById(id);
        const there = fresh.getElementById(id);
        if (here.innerHTML !== there.innerHTML && !here.contains(document.activeElement)) here.innerHTML = there.innerHTML;
      }
      if (fresh.body.dataset.version !== version) {
        version = fresh.body.dataset.version;
        document.getElementById("frames").innerHTML = fresh.getElementById("frames").innerHTML;
      }
    } catch {
      // The demo has been stopped or is starting; the next round will tell.
    }
    setTimeout(refresh, 1000);
  }
  setTimeout(refresh, 1000);
})();
