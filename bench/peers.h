/* Every peer that may have been built in. */
#ifndef CROSSLANE_BENCH_PEERS_H
#define CROSSLANE_BENCH_PEERS_H

#include "bench/peer.h"

extern const struct peer peer_loops, peer_copy, peer_libm, peer_sleef;
extern const struct peer peer_openblas, peer_openblas_relu;
extern const struct peer peer_onednn, peer_onednn_relu, peer_onednn_packed;
extern const struct peer peer_libxsmm, peer_libxsmm_relu;

#endif
