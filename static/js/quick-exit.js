// "Leave quickly": the page is gone at once, and the way back does not lead to it.
const link = document.querySelector(".quick-exit a");
link.addEventListener("click", (event) => {
  event.preventDefault();
  document.body.hidden = true;
  document.title = "";
  location.replace(link.href);
});
