// Locks an open screen: warns two minutes before the session is over, and takes the page away when it is.
"use strict";
const idle = document.getElementById("idle");
const lockForm = document.getElementById("lock");
const tabs = new BroadcastChannel("schakel");
const WARNED_BEFORE = 120_000;
const LOCKED_BEFORE = 2_000; // while the server still takes a last draft
let endsAt = 0;
let isLocked = false;

// The session goes on for so many seconds from now, whichever page of it asked something; every open page is told.
const goesOn = (seconds, isToTell = true) => {
  if (isLocked || !Number.isFinite(seconds)) return;
  endsAt = Date.now() + seconds * 1000;
  if (idle.open && endsAt - Date.now() > WARNED_BEFORE) idle.close();
  if (isToTell) tabs.postMessage({ left: seconds });
};

// Leaves nothing of the page, in view or for a screen reader, but the way to sign in; then ends the session.
const lock = async ({ isOver = false } = {}) => {
  if (isLocked) return;
  isLocked = true;
  const words = document.getElementById("locked").content.cloneNode(true);
  const leave = new URLSearchParams(new FormData(lockForm));
  const last = isOver ? null : storeDraft();
  document.title = "Schakel";
  document.body.replaceChildren(words);
  const way = document.querySelector("a");
  way.search = new URLSearchParams({ next: location.pathname + location.search });
  way.focus();
  if (isOver) return;
  tabs.postMessage({ locks: true });
  await Promise.all([last, new Promise((done) => { setTimeout(done, 500); })]); // other tabs store their drafts meanwhile
  await fetch(lockForm.action, { method: "POST", body: leave, redirect: "manual" }).catch(() => undefined);
};

// Asks something of the server, so that the session goes on; where it is over already, the page goes.
const stay = async () => {
  idle.close();
  const answer = await fetch(idle.dataset.touch, { cache: "no-store" }).catch(() => null);
  if (!answer) return;
  const left = answer.headers.get("Idle-Left");
  if (left === null) lock({ isOver: true });
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
