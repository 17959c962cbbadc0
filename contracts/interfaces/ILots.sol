// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Proof} from "./ISigned.sol";

/// @notice What moves, makes or judges a lot. A lot is SHA-256 of its GS1 Digital Link URI; mass is in grams and conserved.
interface ILots {
    /// @notice What can be done. Beside each kind, the members that it uses.
    enum Kind {
        None,
        Harvest, // outputs: one new lot; certificate: the plot whose quota it draws
        Intake, // outputs: one new lot from outside; area: the declared origin
        Process, // inputs: what is drawn; outputs: new lots, together no heavier
        HandOver, // inputs: one lot and its whole mass; counterparty: who shall take it (zero withdraws the offer)
        TakeOver, // inputs: one lot and its whole mass; counterparty: who gave it
        Certify, // inputs: one lot and the mass that is certified; certificate
        Note, // inputs: one lot, mass 0: an inspection, storage, transport
        Recall, // inputs: one lot, mass 0
        Lift, // inputs: one lot, mass 0: the recall is over
        Retire // inputs: one lot and its whole mass: sold, eaten, destroyed
    }

    /// @notice `mass` grams of `lot`.
    struct Portion {
        bytes32 lot;
        uint64 mass;
    }

    /// @notice What a person signs. Members that a kind does not use are zero or empty, or it is refused.
    struct Operation {
        uint8 kind;
        bytes32 party; // in whose name
        bytes32 key; // who signs: a key of `party`, or of an agent whom it allowed
        uint64 number; // strictly rising per key
        uint64 time; // when it was done, as the signer says
        Portion[] inputs;
        Portion[] outputs;
        bytes32 certificate;
        bytes32 counterparty;
        bytes6 area;
        bool segregated; // of a harvest: this lot and what is made of it may never be mixed with lots that are not
        bytes32 content; // SHA-256(JCS(event))
    }

    /// @notice What a reader sees. `head` starts as the lot's id; each operation makes it SHA-256(head ‖ digest ‖ uint64 block time).
    struct Lot {
        bytes32 head;
        bytes32 holder;
        bytes32 pending; // to whom it was handed over and who has not taken it yet
        uint64 mass; // what is left
        uint32 count; // operations in `head`
        bytes6 area; // the one area it all comes from; zero: several, or unknown
        uint8 flags; // 1 grown (no intake among its ancestors), 2 segregated, 4 recalled, 8 retired
    }

    /// @notice `operation` extended the histories of its lots. `digest` is its EIP-712 digest; `signer` the party whose key signed.
    event Operated(
        bytes32 indexed digest,
        uint8 indexed kind,
        bytes32 indexed party,
        bytes32 signer
    );

    /// @notice A member is missing that `kind` needs, or there that it does not use, or an input named twice.
    error LotsBadShape(uint8 kind);
    /// @notice `key` has no role for `kind`, or is an agent's and `kind` not for agents.
    error LotsNotAllowed(uint8 kind, bytes32 key);
    /// @notice `time` is more than 300 s ahead of the block's, `now_`.
    error LotsFutureTime(uint64 time, uint256 now_);
    /// @notice A lot is made once.
    error LotsExists(bytes32 lot);
    /// @notice Nobody made `lot`.
    error LotsUnknown(bytes32 lot);
    /// @notice `party` does not hold `lot`.
    error LotsNotHolder(bytes32 lot, bytes32 party);
    /// @notice `lot` was not offered to `party`.
    error LotsNotPending(bytes32 lot, bytes32 party);
    /// @notice `party` is not enrolled.
    error LotsUnknownParty(bytes32 party);
    /// @notice `mass` grams are not what `lot` can give: of the `left` ones all are meant, or some.
    error LotsWrongMass(bytes32 lot, uint64 mass, uint64 left);
    /// @notice `output` grams were to be made of `input`.
    error LotsMassCreated(uint256 input, uint256 output);
    /// @notice `lot` and the first input are not both segregated or both not.
    error LotsMixed(bytes32 lot);
    /// @notice `lot` did not grow, or not all of it in the area of `certificate`.
    error LotsWrongOrigin(bytes32 lot, bytes32 certificate);
    /// @notice `lot` is recalled.
    error LotsRecalled(bytes32 lot);
    /// @notice `lot` is not recalled.
    error LotsNotRecalled(bytes32 lot);
    /// @notice `lot` is retired.
    error LotsRetired(bytes32 lot);

    /// @notice Takes an operation: its key's number is spent, its lots are changed and their histories extended, or nothing is.
    function operate(Operation calldata operation, Proof calldata proof) external;

    /// @notice What is known of each lot, in the same order, for hundreds in one call; zeros: of an unknown one.
    function lotsOf(bytes32[] calldata lots) external view returns (Lot[] memory);
}
