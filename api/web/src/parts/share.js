// Share by the phone's own sheet where there is one, else copy the address; without scripts the address can be read.
export function shareHere() {
  for (const button of document.querySelectorAll("button[data-share]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const { share: url, title, done } = button.dataset;
      if (navigator.share) {
        await navigator.share({ url, title }).catch(() => {});
        return;
      }
      await navigator.clipboard.writeText(url);
      button.querySelector("span").textContent = done;
    });
  }
}
