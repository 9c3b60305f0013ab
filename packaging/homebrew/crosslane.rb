# Version, address and sum are put in by packaging/fill.
class Crosslane < Formula
  desc "Train and compare Wide & Deep rating models on hand-vectorised kernels"
  homepage "@HOME@"
  url "@URL@"
  version "@VERSION@"
  sha256 "@SHA256@"
  license "BSD-2-Clause"

  depends_on "cmocka" => :build
  depends_on "meson" => :build
  depends_on "ninja" => :build
  depends_on "pkgconf" => :build
  depends_on "gnuplot"
  depends_on "google-benchmark"
  depends_on "jansson"
  depends_on "libfyaml"
  depends_on "sleef"
  depends_on "sqlite"
  depends_on "xxhash"

  def install
    system "meson", "setup", "build", "-Dtests=true", "-Dbench=enabled", "-Dpeers=disabled",
           "--buildtype=release", *std_meson_args
    system "meson", "compile", "-C", "build", "--verbose"
    system "meson", "install", "-C", "build"
  end

  test do
    experiment = pkgshare/"experiments/quickstart.yaml"
    system bin/"crosslane", "sweep", experiment, "--out", testpath/"run"
    assert_match(/^crosslane #{version} /, shell_output("#{bin}/crosslane --version"))
    assert_equal 12, (testpath/"run/trials").glob("*.json").length
  end
end
