/* Runs before anything is drawn: says that scripts work, and keeps the menu as it was left. */
(function (root) {
  root.classList.add("js");
  if (/(?:^|;\s*)nav=folded(?:;|$)/.test(document.cookie)) root.classList.add("nav-folded");
})(document.documentElement);
