// A shared device: asks whether somebody is still there, forgets what was not sent, and shows nothing of it afterwards.
(() => {
  const form = document.getElementById("leave");
  const still = document.getElementById("still");
  const thanks = document.querySelector("[data-home]");
  const touched = watch => {
    for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, watch, { passive: true, capture: true });
  };
  let leaving = false;
  let timer = 0;

  // A page that a browser put away must not come back with somebody's answers: it is hidden, and asked for anew.
  addEventListener("pagehide", () => { document.documentElement.hidden = true; });
  addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
  addEventListener("beforeunload", event => { if (leaving) event.stopImmediatePropagation(); }, true);

  if (thanks) {
    const stay = document.getElementById("stay");
    const wait = () => {
      clearTimeout(timer);
      if (!stay.hidden) timer = setTimeout(() => location.replace(thanks.dataset.home), 1000 * thanks.dataset.seconds);
    };
    stay.hidden = false;
    stay.addEventListener("click", () => {
      stay.previousElementSibling.focus();
      stay.hidden = true;
      document.getElementById("soon").textContent = thanks.dataset.stays;
      wait();
    });
    touched(wait);
    wait();
  }
  if (!form) return;

  const leave = () => {
    leaving = true;
    document.body.hidden = true;
    fetch(form.action, { method: "POST" })
      .then(answer => answer.status < 500 ? location.replace(answer.url) : Promise.reject())
      .catch(() => setTimeout(leave, 5000)); // no connection: nothing is shown until it is back
  };
  const watch = () => {
    clearTimeout(timer);
    if (still.open || leaving) return;
    timer = setTimeout(() => {
      still.showModal();
      timer = setTimeout(leave, 1000 * form.dataset.warning);
    }, 1000 * form.dataset.idle);
  };
  form.addEventListener("submit", event => {
    event.preventDefault();
    leave();
  });
  still.addEventListener("close", watch);
  touched(watch);
  watch();
})();
