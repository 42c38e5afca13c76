#ifndef GREENROOM_CECHO_H
#define GREENROOM_CECHO_H

#include <stdint.h>

/* Listens on a port of 127.0.0.1 that the system chooses; returns the descriptor or -1. */
int cecho_listen(uint16_t *port);

/* Echoes for ever on one thread with one edge-triggered epoll: the peer to compare with. */
void cecho_serve(int listener);

/* Keeps the calling thread on one processor, where there is more than one. */
void cecho_pin(int processor);

/* Connects to a port of 127.0.0.1; returns the descriptor or -1. */
int cecho_connect(uint16_t port);

/* Does `count` round trips of `size` bytes over `connections` connections, each waiting for its
   answer before it sends again. Returns the nanoseconds it took, or -1. */
int64_t cecho_load(uint16_t port, int connections, int64_t count, int size);

/* Opens connections, does one round trip of one byte on each, and leaves them open and idle; with
   `tls` the client's own TLS memory is let go. Returns how many are open. */
int cecho_open_idle(uint16_t port, int count, int tls, int *descriptors);

/* Gives free memory back to the system, so that what is resident is what is held. */
void cecho_give_back(void);

#endif
