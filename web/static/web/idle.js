// Locks an open screen: warns two minutes before the session is over, and takes the page away when it is.
"use strict";
const idle = document.getElementById("idle");
const lockForm = document.getElementById("lock");
const tabs = new BroadcastChannel("schakel");
const WARNED_BEFORE = 120_000;
const LOCKED_BEFORE = 2_000; // while the server still takes a last draft
const OTHERS_TAKE = 300; // milliseconds in which other pages store what was typed in them
let endsAt = 0;
let isLocked = false;

// The session goes on for so many seconds from now, whichever page of it asked something; every open page is told.
const goesOn = (seconds, isToTell = true) => {
  if (isLocked || !Number.isFinite(seconds)) return;
  endsAt = Date.now() + seconds * 1000;
  if (idle.open && endsAt - Date.now() > WARNED_BEFORE) idle.close();
  if (isToTell) tabs.postMessage({ left: seconds });
};

// Leaves nothing of the page, in view or for a screen reader, but the way to sign in.
const takeAway = () => {
  isLocked = true;
  document.title = "Schakel";
  document.body.replaceChildren(document.getElementById("locked").content.cloneNode(true));
  const way = document.querySelector("a");
  way.search = new URLSearchParams({ next: location.pathname + location.search });
  way.focus();
  return way;
};

// Takes the page away, stores what was typed, here and on other open pages of ours, and ends the session.
const lock = async () => {
  if (isLocked) return;
  const body = new URLSearchParams(new FormData(lockForm));
  const stored = storeDraft();
  tabs.postMessage({ locks: true });
  const way = takeAway();
  let ended = null;
  const end = () => { ended ??= fetch(lockForm.action, { method: "POST", body, redirect: "manual", keepalive: true }); };
  window.addEventListener("pagehide", end);
  const all = Promise.all([stored, new Promise((done) => { setTimeout(done, OTHERS_TAKE); })]).then(end).then(() => ended);
  way.addEventListener("click", async (event) => {
    event.preventDefault();
    await all.catch(() => undefined);
    location.assign(way.href);
  });
};

// Asks something of the server, so that the session goes on; where it is over already, the page goes.
const stay = async () => {
  idle.close();
  const answer = await fetch(idle.dataset.touch, { cache: "no-store" }).catch(() => null);
  if (!answer) return;
  const left = answer.headers.get("Idle-Left");
  if (left === null) takeAway();
  else goesOn(Number(left));
};

const look = () => {
  if (isLocked) return;
  const left = endsAt - Date.now();
  if (left <= LOCKED_BEFORE) lock();
  else if (left <= WARNED_BEFORE && !idle.open) idle.showModal();
};

tabs.addEventListener("message", ({ data }) => {
  if (data.locks) lock();
  else goesOn(data.left, false);
});
document.addEventListener("asked", ({ detail }) => { if (detail !== null) goesOn(Number(detail)); });
idle.querySelector("button").addEventListener("click", stay);
idle.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
lockForm.addEventListener("submit", (event) => { event.preventDefault(); lock(); });
document.addEventListener("visibilitychange", look);
goesOn(Number(lockForm.dataset.left));
setInterval(look, 1_000);
