package dev.tandem.model.train;

/** A branch of the model, and the names of its values in a training step (section 3 of the paper). */
public enum Branch {
    /** cVAE-GAN: z is encoded from B. Its discriminator trains on the first pairs of a batch. */
    VAE("Vae", "a", "b"),
    /** cLR-GAN: z is random. Its discriminator trains on the last pairs of a batch. */
    LR("Lr", "lastA", "lastB");

    private final String suffix;
    private final String realA;
    private final String realB;

    Branch(String suffix, String realA, String realB) {
        this.suffix = suffix;
        this.realA = realA;
        this.realB = realB;
    }

    /** The translations that the discriminator sees. */
    public String fake() {
        return "fake" + suffix;
    }

    /** The images A of the real pairs that the discriminator sees. */
    public String realA() {
        return realA;
    }

    /** The images B of the real pairs that the discriminator sees. */
    public String realB() {
        return realB;
    }

    /** The share of the real image in the points of the gradient penalty. */
    public String share() {
        return DiscriminatorPhase.SHARE + suffix;
    }

    /** The loss of the discriminator on this branch. */
    String term() {
        return "d" + suffix;
    }
}
