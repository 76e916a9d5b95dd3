// A drawing kept as a picture: chats take pictures, not drawings.
const WIDTH = 1680;

async function picture(address) {
  const drawing = new Image();
  drawing.src = address;
  await drawing.decode();
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = Math.round((WIDTH * 297) / 210);
  canvas.getContext("2d").drawImage(drawing, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

export function keepPictures() {
  for (const button of document.querySelectorAll("button[data-png]")) {
    button.closest(".scripted").classList.remove("scripted");
    button.addEventListener("click", async () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await picture(button.dataset.png));
      link.download = button.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  }
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.closest(".scripted").classList.remove("scripted");
    button.addEventListener("click", () => print());
  }
}
