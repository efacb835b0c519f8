// The number on the projector: asked for again every few seconds, and left as it is while there is no connection.
(() => {
  const count = document.getElementById("count");
  const look = () => fetch(count.dataset.from)
    .then(answer => answer.ok ? answer.text() : Promise.reject(answer.status))
    .then(told => { if (count.textContent !== told) count.textContent = told; })
    .catch(status => { if (status === 409) location.reload(); });
  setInterval(look, 4000);
})();
