// The pages work without this script. It keeps an open page up to date, asks before what can not be undone, and switches light and dark.
"use strict";
(() => {
  const root = document.documentElement;
  const policy = window.trustedTypes?.createPolicy("disa", { createHTML: text => text });
  const parse = text => new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");

  // Light and dark: as the system has it, unless chosen here.
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  try { const kept = localStorage.getItem("disa-theme"); if (kept === "dark" || kept === "light") root.dataset.theme = kept; } catch { /* no storage, no memory */ }

  /** Makes `old` look like `fresh`, touching nothing that is the same: focus, selection, open details and what was typed stay. */
  function morph(old, fresh) {
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) { old.replaceWith(document.importNode(fresh, true)); return; }
    if (old.nodeType !== Node.ELEMENT_NODE) { if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue; return; }
    if (old.isEqualNode(fresh)) return;
    const keeps = old.nodeName === "DETAILS" ? ["open"] : [];
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !keeps.includes(name)) old.removeAttribute(name);
    for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value && !keeps.includes(name)) old.setAttribute(name, value);
    if (old.nodeName === "INPUT" || old.nodeName === "TEXTAREA" || old.nodeName === "SELECT") return;
    const named = new Map([...old.children].filter(child => child.id).map(child => [child.id, child]));
    let at = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      const same = next.id && named.get(next.id);
      if (same) { if (same !== at) old.insertBefore(same, at); else at = at.nextSibling; morph(same, next); continue; }
      while (at && at.id && fresh.querySelector(`#${CSS.escape(at.id)}`)) at = at.nextSibling;
      if (!at) { old.append(document.importNode(next, true)); continue; }
      const following = at.nextSibling;
      morph(at, next);
      at = following;
    }
    while (at) { const following = at.nextSibling; if (!(at.id && fresh.querySelector(`:scope > #${CSS.escape(at.id)}`))) at.remove(); at = following; }
  }

  let asking = false, again = false;
  async function look() {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const fresh = parse(await answer.text());
      if (fresh.getElementById("main")) {
        for (const id of ["main", "clock"]) { const now = document.getElementById(id), then = fresh.getElementById(id); if (now && then) morph(now, then); }
        document.title = fresh.title;
        if (!fresh.body.dataset.live) stop();
      }
      say("");
    } catch { say("No answer: trying again."); }
    asking = false;
    if (again) { again = false; look(); }
  }

  function say(text) { const live = document.getElementById("live"); if (live && live.textContent !== text) live.textContent = text; }

  let source = null;
  function stop() { source?.close(); source = null; }
  function watch() {
    const changes = document.body.dataset.live;
    if (!changes || source || document.hidden) return;
    source = new EventSource(changes);
    source.onmessage = look;
    source.onopen = look; // What happened while nobody listened.
    source.onerror = () => say("No answer: trying again.");
  }

  document.addEventListener("DOMContentLoaded", () => {
    watch();
    document.addEventListener("visibilitychange", () => document.hidden ? stop() : watch());
    addEventListener("pagehide", stop);
    addEventListener("pageshow", event => { if (event.persisted) watch(); });
    document.addEventListener("submit", event => {
      const form = event.target, question = form.dataset.ask;
      if (question && !confirm(question)) { event.preventDefault(); return; }
      if (form.method === "post") {
        if (form.dataset.sent) { event.preventDefault(); return; }
        form.dataset.sent = "yes"; // Twice is once.
        setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
      }
    });
    const theme = document.getElementById("theme");
    const name = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
    theme.hidden = false;
    name();
    theme.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("disa-theme", root.dataset.theme); } catch { /* for this page only */ }
      name();
    });
  });
})();
