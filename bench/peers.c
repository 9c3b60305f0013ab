#include "bench/peers.h"

const struct peer *const peers[] = {
    &peer_loops,    &peer_copy,          &peer_libm,          &peer_sleef,
#if defined(BENCH_OPENBLAS)
    &peer_openblas, &peer_openblas_relu,
#endif
#if defined(BENCH_ONEDNN)
    &peer_onednn,   &peer_onednn_relu,   &peer_onednn_packed,
#endif
#if defined(BENCH_LIBXSMM)
    &peer_libxsmm,  &peer_libxsmm_relu,
#endif
};
const size_t peer_count = sizeof peers / sizeof *peers;
