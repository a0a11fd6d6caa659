using Agent.Evidence.Statements;

namespace AuditServer.Receipts;

sealed record SignedReceipt(Receipt Receipt, string Jws);
