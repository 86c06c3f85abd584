using Amazon.Runtime;

namespace Disa.Functions;

/// <summary>What a call of AWS ends with that fails: an error that AWS answered, or no answer.</summary>
public static class CallFailure
{
    /// <summary>Whether an exception is one; the SDK lets some of the network's through as they are.</summary>
    public static bool Is(Exception e) => e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException;
}
