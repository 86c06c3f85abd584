namespace Disa.Emulator.Kms;

/// <summary>A request that names a key: the right that it needs is one to that key.</summary>
internal interface IKeyRequest
{
    /// <summary>An id, an ARN or, where the operation takes it, an alias.</summary>
    string? KeyId { get; }
}
