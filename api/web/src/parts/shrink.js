// A phone's photo is larger than what is taken here: it is drawn anew, smaller, before it is sent. Without this file,
// or where the browser cannot, it goes as it is.
const SIDE = 1600;

export function shrinkPhotos() {
  for (const field of document.querySelectorAll("input[data-shrink]")) {
    field.addEventListener("change", async () => {
      const [photo] = field.files;
      if (!photo || photo.size < 5e5) return;
      try {
        const drawn = await createImageBitmap(photo, { imageOrientation: "from-image" });
        const scale = Math.min(1, SIDE / Math.max(drawn.width, drawn.height));
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(drawn.width * scale);
        canvas.height = Math.round(drawn.height * scale);
        canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
        const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
        const files = new DataTransfer();
        files.items.add(new File([blob], "photo.jpg", { type: blob.type }));
        if (field.files[0] === photo) field.files = files.files;
      } catch {
        // what cannot be drawn here is sent as it is, and judged there
      }
    });
  }
}
