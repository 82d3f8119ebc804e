/* Buttons that only a script can answer are hidden until scripts run. */
document.documentElement.classList.add("anshan-script");
