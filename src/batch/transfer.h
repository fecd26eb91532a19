/*
 * Open dossiers that follow a decree: when competence moved (agency/competence_move.h) and the decree takes what is in
 * flight along, each dossier is transferred by an ordinary act of the system, its clock running on. One whose new
 * agency is not certain (a province's dossier, to one of its communes), or whose step allows no transfer any more, is
 * refused with a sentence and stays where it is for a person to decide.
 */
#ifndef BATCH_TRANSFER_H
#define BATCH_TRANSFER_H

#include "batch/batch.h"

/* Kind "transfer". Parameters: {"move": id}. */
extern const struct batch_kind transfer_kind;

/* Starts the batch of every move whose day has come. Called when a move is entered, at the start of the program and by
 * its housekeeping; twice is once. */
enum outcome transfers_begin(struct store *s, struct fail *why) MUST_USE;

#endif
