using System.Collections.Frozen;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Faults;

/// <summary>The errors that each service may be told to answer, with the status and the words that AWS gives them.</summary>
/// <remarks>
/// Statuses are those of the services' API references, such as
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html and
/// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html.
/// </remarks>
internal static class FaultCodes
{
    /// <summary>Every service's: https://docs.aws.amazon.com/awssupport/latest/APIReference/CommonErrors.html.</summary>
    private const string Common = """
        AccessDeniedException 400 You do not have sufficient access to perform this action.
        InternalFailure 500 The request processing has failed because of an unknown error, exception or failure.
        ServiceUnavailable 503 The request has failed due to a temporary failure of the server.
        ThrottlingException 400 Rate exceeded
        """;

    private static readonly Dictionary<string, string> Own = new(StringComparer.Ordinal)
    {
        ["dynamodb"] = """
            ConditionalCheckFailedException 400 The conditional request failed
            InternalServerError 500 The request processing has failed because of an unknown error, exception or failure.
            LimitExceededException 400 Too many operations for a given subscriber.
            ProvisionedThroughputExceededException 400 The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.
            RequestLimitExceeded 400 Throughput exceeds the current throughput limit for your account.
            ResourceNotFoundException 400 Requested resource not found
            TransactionConflictException 400 Transaction is ongoing for the item
            TransactionInProgressException 400 The transaction with the given request token is already in progress.
            """,
        ["dynamodbstreams"] = """
            ExpiredIteratorException 400 Iterator expired.
            InternalServerError 500 The request processing has failed because of an unknown error, exception or failure.
            LimitExceededException 400 Too many operations for a given subscriber.
            TrimmedDataAccessException 400 Attempted access beyond the trim horizon.
            """,
        ["sns"] = """
            AuthorizationError 403 The user is not authorized to perform this operation.
            EndpointDisabled 400 Endpoint is disabled
            InternalError 500 The request failed because of an internal service error.
            InvalidParameter 400 Invalid parameter
            KMSAccessDenied 400 The ciphertext refers to a key that does not exist, or that you do not have access to.
            KMSDisabled 400 The KMS key is disabled.
            KMSInvalidState 400 The state of the KMS key is not valid for this request.
            KMSNotFound 400 The KMS key was not found.
            KMSThrottling 400 Rate exceeded
            NotFound 404 Topic does not exist
            Throttled 429 Rate exceeded
            """,
        ["sqs"] = """
            InternalError 500 The request failed because of an internal service error.
            KmsThrottled 400 Rate exceeded
            OverLimit 403 Too many messages in flight
            QueueDoesNotExist 400 The specified queue does not exist.
            RequestThrottled 400 Rate exceeded
            """,
        ["lambda"] = """
            EC2ThrottledException 502 Lambda was throttled by Amazon EC2 during the function's initialization.
            ENILimitReachedException 502 The limit of network interfaces is reached.
            KMSAccessDeniedException 502 Lambda was unable to decrypt the environment variables because KMS access was denied.
            KMSDisabledException 502 Lambda was unable to decrypt the environment variables because the KMS key is disabled.
            ResourceConflictException 409 The resource is in a state that does not allow this operation.
            ResourceNotFoundException 404 Function not found
            ResourceNotReadyException 502 The function is inactive and its VPC connection is no longer available.
            ServiceException 500 The service encountered an internal error.
            TooManyRequestsException 429 Rate Exceeded.
            """,
        ["sfn"] = """
            ExecutionLimitExceeded 400 The maximum number of running executions has been reached.
            KmsThrottlingException 400 Rate exceeded
            StateMachineDeleting 400 The state machine is being deleted.
            StateMachineDoesNotExist 400 State Machine Does Not Exist
            """,
        ["cloudwatch"] = """
            InternalServiceFault 500 Request processing has failed due to some unknown error, exception, or failure.
            LimitExceeded 400 The quota for alarms has already been reached.
            Throttling 400 Rate exceeded
            """,
        ["cloudwatchlogs"] = """
            LimitExceededException 400 Resource limit exceeded.
            OperationAbortedException 400 Multiple concurrent requests to update the same resource were in conflict.
            ServiceUnavailableException 500 The service cannot complete the request.
            """,
        ["eventbridge"] = """
            ConcurrentModificationException 400 There is concurrent modification on a rule, target, archive, or replay.
            InternalException 500 This exception occurs due to unexpected causes.
            LimitExceededException 400 The request failed because it attempted to create resource beyond the allowed service quota.
            """,
        ["scheduler"] = """
            ConflictException 409 Updating or deleting the resource can cause an inconsistent state.
            InternalServerException 500 Unexpected error encountered while processing the request.
            ServiceQuotaExceededException 402 The request exceeds a service quota.
            """,
        ["kms"] = """
            DependencyTimeoutException 503 The system timed out while trying to fulfill the request.
            DisabledException 400 The key is disabled.
            KMSInternalException 500 An internal exception occurred.
            KeyUnavailableException 500 The key is not available.
            LimitExceededException 400 A quota was exceeded.
            """,
        ["ssm"] = """
            InternalServerError 500 An error occurred on the server side.
            ParameterLimitExceeded 400 You have exceeded the number of parameters for this AWS account. Delete one or more parameters and try again.
            TooManyUpdates 400 There are concurrent updates for a resource that supports one update at a time.
            """,
        ["secretsmanager"] = """
            DecryptionFailure 400 Secrets Manager can't decrypt the protected secret text using the provided KMS key.
            EncryptionFailure 400 Secrets Manager can't encrypt the protected secret text using the provided KMS key.
            InternalServiceError 500 An error occurred on the server side.
            LimitExceededException 400 The request failed because it would exceed one of the Secrets Manager quotas.
            """,
        ["s3"] = """
            AccessDenied 403 Access Denied
            InternalError 500 We encountered an internal error. Please try again.
            NoSuchKey 404 The specified key does not exist.
            SlowDown 503 Please reduce your request rate.
            """,
        ["cloudformation"] = """
            LimitExceededException 400 The quota for the resource has already been reached.
            Throttling 400 Rate exceeded
            """,
        ["iam"] = """
            ConcurrentModification 409 Multiple requests to change this object were submitted simultaneously.
            LimitExceeded 409 The request attempted to create resources beyond the current quotas.
            ServiceFailure 500 The request processing has failed because of an unknown error, exception or failure.
            Throttling 400 Rate exceeded
            """,
        ["sts"] = """
            ExpiredTokenException 400 The security token included in the request is expired
            Throttling 400 Rate exceeded
            """,
    };

    /// <summary>Two services answer throttles with 429 under the common name (their API references).</summary>
    private static readonly FrozenSet<string> Throttle429 = FrozenSet.Create(StringComparer.Ordinal, "scheduler", "lambda");

    /// <summary>Codes that Query clients of a service know under another name.</summary>
    private static readonly Dictionary<(string Service, string Code), string> QueryCodes = new()
    {
        [("cloudwatch", "InternalServiceFault")] = "InternalServiceError",
        [("sqs", "QueueDoesNotExist")] = "AWS.SimpleQueueService.NonExistentQueue",
    };

    /// <summary>The codes of a service, in alphabetical order.</summary>
    public static IEnumerable<string> Of(string sdkName) =>
        Lines(sdkName).Select(line => line.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>The error as the service answers it; null where the code is none of its.</summary>
    public static AwsException? Find(string sdkName, string code)
    {
        foreach (var (known, status, message) in Lines(sdkName))
        {
            if (known == code)
            {
                return new AwsException(code, message, code == "ThrottlingException" && Throttle429.Contains(sdkName) ? 429 : status)
                {
                    QueryCode = QueryCodes.GetValueOrDefault((sdkName, code)),
                };
            }
        }

        return null;
    }

    private static IEnumerable<(string Code, int Status, string Message)> Lines(string sdkName) =>
        $"{Own.GetValueOrDefault(sdkName)}\n{Common}"
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' ', 3))
            .Select(parts => (parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), parts[2]));
}
