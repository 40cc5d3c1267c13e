import type { CommandSpec } from '../../command.ts';
import { moneyBalances, moneyPrepay, moneyShow } from './books.ts';
import { moneyCharge, moneyDefault, moneyFee, moneyResolve, moneyTerms, moneyWindDown } from './changes.ts';
import {
  settlementBankFile,
  settlementDispute,
  settlementDisputes,
  settlementStatement,
  settlementVerify,
} from './files.ts';
import { moneyConfirm, moneyProposals, moneyReject } from './propose.ts';
import { ratesList, ratesSet } from './rates.ts';
import {
  settlementApprove,
  settlementCutoff,
  settlementList,
  settlementOpen,
  settlementPay,
  settlementPost,
  settlementShow,
} from './settlement.ts';

/** Commands about the alliance's money. */
export const moneyCommands: readonly CommandSpec[] = [
  ratesList,
  ratesSet,
  moneyBalances,
  moneyShow,
  moneyPrepay,
  moneyTerms,
  moneyFee,
  moneyCharge,
  moneyDefault,
  moneyWindDown,
  moneyResolve,
  moneyProposals,
  moneyConfirm,
  moneyReject,
  settlementOpen,
  settlementList,
  settlementShow,
  settlementCutoff,
  settlementApprove,
  settlementPost,
  settlementPay,
  settlementStatement,
  settlementVerify,
  settlementBankFile,
  settlementDispute,
  settlementDisputes,
];
