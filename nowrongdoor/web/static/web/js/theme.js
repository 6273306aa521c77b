// Before anything is painted: the theme this browser chose, or the system's where none was chosen.
const chosen = localStorage.getItem("theme");
if (chosen) document.documentElement.dataset.theme = chosen;
