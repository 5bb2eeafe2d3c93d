// "Leave quickly": leaves the page at once, and replaces its entry in the browser history.
const link = document.querySelector(".quick-exit a");
link.addEventListener("click", (event) => {
  event.preventDefault();
  document.body.hidden = true;
  document.title = "";
  location.replace(link.href);
});
