/*
 * What a supervisor is told of the life of the server, by the protocol of sd_notify(3): a datagram to the socket that
 * NOTIFY_SOCKET names. Without such a variable nothing happens, so that the program runs the same by hand.
 */
#ifndef COMMAND_SUPERVISOR_H
#define COMMAND_SUPERVISOR_H

void supervisor_ready(void);     /* the address answers; also after a reload */
void supervisor_reloading(void); /* settings are being read again */
void supervisor_stopping(void);  /* what is in flight is being answered */

#endif
