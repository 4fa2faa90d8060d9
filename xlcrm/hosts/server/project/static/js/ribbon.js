// The ribbon's buttons run the same macros and show their messages in the pane.
for (const button of document.querySelectorAll("[data-macro]")) {
  const script = button.dataset.macro;
  Office.actions.associate(script, async (event) => {
    try {
      await Office.addin.showAsTaskpane();
      await globalThis.crm.run(script);
    } finally {
      event.completed(); // Excel greys the button until it hears this
    }
  });
}
