/* Stands in for the script of this name, which the Debian build of Odoo leaves out.
 * The whole picture counts as the person, so a call's background is simply not blurred. */
window.SelfieSegmentation = class SelfieSegmentation {
    setOptions() {}
    reset() {}
    onResults(callback) {
        this.callback = callback;
    }
    async send({ image }) {
        this.callback?.({ image, segmentationMask: image });
    }
};
