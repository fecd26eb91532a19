/*
 * What a message says when it is sent: read in one snapshot from the entry of the journal, the dossier and the wishes
 * of its receiver. Private to the sender; nothing here sends.
 */
#ifndef NOTICE_PARCEL_H
#define NOTICE_PARCEL_H

#include "http/client.h"
#include "notice/message.h"
#include "notice/sender.h"

/* Fills everything of the transfer but its context, in tx_arena. ERR_MISSING when there is nobody to tell or nothing to
 * say any more: *out_reason says which. */
enum outcome parcel_make(struct tx *tx, const struct sender_options *o, const struct message *m, struct transfer *out,
                         enum message_reason *out_reason, struct fail *why) MUST_USE;

#endif
