"""Whether a paper is genuine and in date: asked by anyone, of this department's certificates and of trusted others."""
