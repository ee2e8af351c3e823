// A display whose link is not in force asks for its page again and again, and opens it once it is there.
// Nothing is reloaded before that: a server that is away for a while must not leave an error page behind.
const EVERY_MS = 20000;
const tried = document.querySelector("[data-tried]");

async function ask() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
    if (answer.ok || answer.type === "opaqueredirect") location.reload();
  } catch {
    // Asked again soon.
  }
  const time = new Date().toLocaleTimeString("en-GB", { timeZone: tried.dataset.zone });
  tried.textContent = ` · ${tried.dataset.tried.replace("{time}", time)}`;
}

setInterval(ask, EVERY_MS);
addEventListener("online", ask);
