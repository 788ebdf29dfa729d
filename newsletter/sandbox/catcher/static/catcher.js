// Shows times in the reader's own zone, and new messages as they arrive. The pages work without it.

const POLL_MILLISECONDS = 1500;
const LOCALES = { en: "en-GB", ja: "ja-JP" };

function tellTimes(root) {
  const today = new Date().toDateString();
  for (const time of root.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    const full = time.dataset.full || at.toDateString() !== today;
    time.textContent = at.toLocaleString(LOCALES[document.documentElement.lang], full
      ? { dateStyle: "medium", timeStyle: time.dataset.full ? "medium" : "short" }
      : { timeStyle: "medium" });
  }
}

async function look() {
  const list = document.getElementById("list");
  if (list.dataset.live !== "1" || document.hidden) return;
  const to = new URLSearchParams(location.search).get("to") || "";
  const query = new URLSearchParams({ to, after: list.dataset.newest });
  const answer = await fetch(`/messages.json?${query}`);
  if (!answer.ok || (await answer.json()).length === 0) return;
  const page = await (await fetch(`/?${new URLSearchParams({ to })}`)).text();
  const fresh = new DOMParser().parseFromString(page, "text/html").getElementById("list");
  const current = list.querySelector("[aria-current] a");
  tellTimes(fresh);
  list.replaceWith(fresh);
  if (current) {
    const again = fresh.querySelector(`a[href="${current.getAttribute("href")}"]`);
    if (again) again.parentElement.setAttribute("aria-current", "true");
  }
}

async function keepLooking() {
  try {
    await look();
  } catch {
    // The catcher has stopped, or starts again: the next look tells.
  }
  setTimeout(keepLooking, POLL_MILLISECONDS);
}

tellTimes(document);
setTimeout(keepLooking, POLL_MILLISECONDS);
