"""The five-model job, offprint beside other programs, on the same data.

    python benches/peers.py [--rows 1.0] [--repeats 5] [--keep FOLDER]

About 4.13 million responses of 6,700 groups in 6 waves and 1,250 clusters; five logit models with an
effect per group, wave indicators and six categorical covariates, errors clustered, convention of fixest
0.13. Three of the five outcomes are known for 45 % of the responses. `--rows` scales the number of
groups and clusters; what one group looks like stays. Data are drawn here with numpy, written as plain
columns of bytes, and read by all programs; reading is not timed. Timed is the way from columns in
memory to the estimates of all five models, one after the other.

Programs: offprint (benches/peers.rs, which also computes average marginal effects; median of the
repeats), pyfixest (`feglm`), R's fixest (`feglm`). Those that are not installed are skipped and said to be.
At its default tolerance pyfixest 0.60 stops a step before its errors have settled (they are 1e-5 off);
with `--tolerance 1e-10` its numbers are offprint's to 1e-9.
Each program runs in its own process; peak memory is the process's, data included.
"""
import argparse, gc, os, re, resource, shutil, statistics, subprocess, sys, tempfile, time
from pathlib import Path

LEVELS = [9, 4, 6, 5, 8, 3]
SHARES = [1.0, 1.0, 0.45, 0.45, 0.45]
ROOT = Path(__file__).resolve().parent.parent

FIXEST = r"""
folder <- commandArgs(TRUE)[1]; ok <- requireNamespace("fixest", quietly = TRUE)
if (!ok) { cat("NOT INSTALLED\n"); quit(status = 0) }
read <- function(name, what, size) { f <- file.path(folder, name)
  readBin(f, what, file.size(f) / size, size = size, signed = size > 2, endian = "little") }
rows <- read("rows.u32", "integer", 4); block <- rep(seq_along(rows), rows)
d <- data.frame(group = read("group.u32", "integer", 4)[block], cluster = read("cluster.u32", "integer", 4)[block],
                wave = factor(read("wave.u8", "integer", 1)[block]), exposure = read("exposure.f64", "double", 8)[block])
levels <- length(list.files(folder, "^level[0-9]+[.]u8$")); models <- length(list.files(folder, "^y[0-9]+[.]u8$"))
for (i in seq_len(levels) - 1) d[[paste0("level", i)]] <- factor(read(sprintf("level%d.u8", i), "integer", 1))
for (i in seq_len(models) - 1) { y <- read(sprintf("y%d.u8", i), "integer", 1); y[y == 255] <- NA; d[[paste0("y", i)]] <- y }
right <- paste(c("exposure", "wave", sprintf("level%d", seq_len(levels) - 1)), collapse = " + ")
seconds <- 0; processor <- 0
for (i in seq_len(models) - 1) {
  formula <- as.formula(sprintf("y%d ~ %s | group", i, right))
  start <- proc.time()
  fit <- fixest::feglm(formula, d, family = binomial("logit"), cluster = ~cluster)
  b <- coef(fit); s <- fixest::se(fit); used <- proc.time() - start
  seconds <- seconds + used[["elapsed"]]; processor <- processor + sum(used[c("user.self", "sys.self")])
  names <- sub("^(wave|level[0-9])([0-9]+)$", "\\1=\\2", names(b))
  cat(sprintf("estimate %d %s %.17g %.17g\n", i, names, b, s), sep = ""); cat("responses", i, fit$nobs, "\n"); rm(fit); gc()
}
status <- readLines("/proc/self/status"); peak <- as.numeric(gsub("[^0-9]", "", status[grepl("^VmHWM", status)]))
cat("seconds", seconds, "\nprocessor", processor, "\npeak", peak, "\nversion", as.character(packageVersion("fixest")), "\n")
"""


def write(folder, scale):
    """Draws the data; the same for a scale on any machine with the same numpy."""
    import numpy as np
    rng = np.random.default_rng(20260101)
    groups, clusters = max(12, round(6_700 * scale)), max(4, round(1_250 * scale))
    blocks = groups * 6
    group = np.repeat(np.arange(groups), 6)
    wave = np.tile(np.arange(6), groups)
    exposure = np.where(wave < 3, 0.0, 2.0 * rng.random(blocks) * (wave - 2))
    rows = (60.0 + 85.6 * rng.random(blocks)).astype(np.uint32)
    block = np.repeat(np.arange(blocks), rows)
    n = len(block)
    save = lambda name, values, kind: np.asarray(values).astype(kind).tofile(folder / name)
    save("rows.u32", rows, "<u4"), save("group.u32", group, "<u4"), save("wave.u8", wave, "u1")
    save("cluster.u32", group * clusters // groups, "<u4"), save("exposure.f64", exposure, "<f8")
    base = (1.2 + 1.6 * (rng.random(groups) - 0.5))[group] - 0.1 * wave + 0.015 * exposure
    eta = base[block]
    for at, count in enumerate(LEVELS):
        level = (rng.random(n) * rng.random(n) * count).astype(np.uint8)
        save(f"level{at}.u8", level, "u1")
        eta += 0.1 * level - 0.15
    p = 1.0 / (1.0 + np.exp(-eta))
    for at, share in enumerate(SHARES):
        y = (rng.random(n) < p).astype(np.uint8)
        y[rng.random(n) >= share] = 255
        save(f"y{at}.u8", y, "u1")
    return n, groups, clusters


def pyfixest(folder, tolerance):
    """The child process for pyfixest: prints lines as benches/peers.rs does."""
    try:
        import numpy as np, pandas as pd, pyfixest as pf
    except ImportError:
        return print("NOT INSTALLED")
    read = lambda name, kind: np.fromfile(folder / name, kind)
    block = np.repeat(np.arange(len(read("rows.u32", "<u4"))), read("rows.u32", "<u4"))
    columns = {"group": read("group.u32", "<u4")[block], "cluster": read("cluster.u32", "<u4")[block],
               "wave": read("wave.u8", "u1")[block], "exposure": read("exposure.f64", "<f8")[block]}
    columns |= {f"level{at}": read(f"level{at}.u8", "u1") for at in range(len(LEVELS))}
    data = pd.DataFrame(columns)
    right = "exposure + C(wave) + " + " + ".join(f"C(level{at})" for at in range(len(LEVELS)))
    # One small fit first, so that compiling is not counted.
    few = data[data.group < 12].assign(y=np.arange((data.group < 12).sum()) % 3 % 2)
    pf.feglm(f"y ~ {right} | group", few, family="logit", vcov={"CRV1": "cluster"})
    seconds = processor = 0.0
    for at in range(len(SHARES)):
        y = read(f"y{at}.u8", "u1")
        data["y"] = np.where(y == 255, np.nan, y)
        start, used = time.perf_counter(), time.process_time()
        fit = pf.feglm(f"y ~ {right} | group", data, family="logit", vcov={"CRV1": "cluster"}, iwls_tol=tolerance)
        coefficients, errors = fit.coef(), fit.se()
        seconds, processor = seconds + time.perf_counter() - start, processor + time.process_time() - used
        print(f"model {at}: {time.perf_counter() - start:.1f} s", file=sys.stderr, flush=True)
        for term in coefficients.index:
            name = re.sub(r"^C\((\w+)\)\[(?:T\.)?(\d+)\]$", r"\1=\2", term)
            print(f"estimate {at} {name} {coefficients[term]:.17g} {errors[term]:.17g}")
        print("responses", at, fit._N)
        del fit, coefficients, errors
        gc.collect()
    print("seconds", seconds, "\nprocessor", processor, "\npeak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "\nversion", pf.__version__)


def run(command, **more):
    """What a program printed, as a dictionary; None when it is not installed, a message when it failed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, **more)
    if "NOT INSTALLED" in done.stdout:
        return None
    if done.returncode:
        return f"failed with status {done.returncode}"
    out = {"seconds": [], "processor": [], "estimates": {}, "responses": {}}
    for line in done.stdout.splitlines():
        word, *rest = line.split()
        if word in ("seconds", "processor"):
            out[word].append(float(rest[0]))
        elif word == "estimate":
            out["estimates"][int(rest[0]), rest[1]] = float(rest[2]), float(rest[3])
        elif word == "responses":
            out["responses"][int(rest[0])] = int(rest[1])
        elif word in ("peak", "version", "threads"):
            out[word] = rest[0]
    return out


def difference(ours, theirs, at):
    """Largest difference over all terms of all models: coefficients (0) or errors (1)."""
    return max(abs(ours[key][at] - theirs[key][at]) / max(abs(ours[key][at]), ours[key][1]) for key in ours)


def table(results):
    ours = results["offprint"]
    print(f"\n{'program':<10} {'version':<9} {'seconds':>9} {'ratio':>7} {'processor':>9} {'ratio':>7} {'peak memory':>12} {'coefficients':>13} {'errors':>10}")
    for name, got in results.items():
        if not isinstance(got, dict):
            print(f"{name:<10} {'skipped: not installed' if got is None else got}")
            continue
        times = ""
        for kind in ("seconds", "processor"):
            median = statistics.median(got[kind])
            times += f"{median:>9.2f} {median / statistics.median(ours[kind]):>7.1f} "
        apart = ["", ""]
        if got is not ours:
            if got["estimates"].keys() != ours["estimates"].keys() or got["responses"] != ours["responses"]:
                apart = ["other terms", "or rows"]
            else:
                apart = [f"{difference(ours['estimates'], got['estimates'], at):.1e}" for at in (0, 1)]
        print(f"{name:<10} {got['version']:<9} {times}"
              f"{int(got['peak']) / 1024:>9.0f} MB {apart[0]:>13} {apart[1]:>10}")
    print("coefficients, errors: largest difference from offprint over all terms of all models, relative to the "
          "value (or, for a coefficient, to its error where that is larger)")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=float, default=1.0, help="share of the full size")
    options.add_argument("--repeats", type=int, default=5, help="runs of offprint, of which the median is told")
    options.add_argument("--keep", type=Path, help="folder for the data, kept")
    options.add_argument("--tolerance", type=float, default=1e-8, help="pyfixest's iwls_tol; 1e-8 is its default")
    options.add_argument("--child", choices=["pyfixest"], help=argparse.SUPPRESS)
    options = options.parse_args()
    if options.child:
        return pyfixest(options.keep, options.tolerance)
    folder = options.keep or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    try:
        n, groups, clusters = write(folder, options.rows)
        print(f"{n:,} responses, {groups:,} groups, {clusters:,} clusters, {os.cpu_count()} processors", flush=True)
        here = [sys.executable, __file__, "--child", "pyfixest", "--keep", str(folder),
                "--tolerance", str(options.tolerance)]
        bench = ["cargo", "bench", "--quiet", "--bench", "peers", "--", str(folder), str(options.repeats)]
        results = {"offprint": run(bench, cwd=ROOT), "pyfixest": run(here)}
        (folder / "fixest.R").write_text(FIXEST)
        has_r = shutil.which("Rscript")
        results["fixest"] = run(["Rscript", str(folder / "fixest.R"), str(folder)]) if has_r else None
        if not isinstance(results["offprint"], dict):
            sys.exit("offprint: " + str(results["offprint"]))
        seconds = results["offprint"]["seconds"]
        table(results)
        print(f"offprint, each run: {', '.join(f'{s:.2f}' for s in seconds)} s on {results['offprint']['threads']} threads")
    finally:
        if not options.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
