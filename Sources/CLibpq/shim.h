#ifndef KITH_CLIBPQ_SHIM_H
#define KITH_CLIBPQ_SHIM_H

#include <libpq-fe.h>

// The Glibc module exports neither epoll nor eventfd.
#include <sys/epoll.h>
#include <sys/eventfd.h>

#endif
