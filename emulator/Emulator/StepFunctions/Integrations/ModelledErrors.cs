using System.Collections.Frozen;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>
/// The errors that each service's API model names. A workflow sees these by their exception's name; any other error of the
/// service (validation, throttling) it sees as the service's general exception.
/// </summary>
/// <remarks>
/// Codes as on the wire, from the public API models. The exception's name is the code with <c>Exception</c> at its
/// end, unless another one follows the equals sign.
/// </remarks>
internal static class ModelledErrors
{
    private static readonly Dictionary<string, string> Codes = new(StringComparer.Ordinal)
    {
        ["cloudformation"] = """
            AlreadyExistsException CFNRegistryException ChangeSetNotFound ConcurrentResourcesLimitExceeded
            ConditionalCheckFailed=OperationStatusCheckFailedException CreatedButModifiedException GeneratedTemplateNotFound
            HookResultNotFound InsufficientCapabilitiesException InvalidChangeSetStatus InvalidOperationException InvalidStateTransition
            LimitExceededException NameAlreadyExistsException OperationIdAlreadyExistsException OperationInProgressException
            OperationNotFoundException ResourceScanInProgress ResourceScanLimitExceeded ResourceScanNotFound
            StackInstanceNotFoundException StackNotFoundException StackRefactorNotFoundException StackSetNotEmptyException
            StackSetNotFoundException StaleRequestException TokenAlreadyExistsException TypeConfigurationNotFoundException
            TypeNotFoundException
            """,
        ["cloudwatch"] = """
            ConcurrentModificationException ConflictException InternalServiceError=InternalServiceException InvalidFormat InvalidNextToken
            InvalidParameterCombination InvalidParameterInput=DashboardInvalidInputErrorException InvalidParameterValue LimitExceeded
            LimitExceededException MissingParameter=MissingRequiredParameterException ResourceNotFound ResourceNotFoundException
            """,
        ["cloudwatchlogs"] = """
            AccessDeniedException ConflictException DataAlreadyAcceptedException InternalServerException InvalidOperationException
            InvalidParameterException InvalidSequenceTokenException LimitExceededException MalformedQueryException
            OperationAbortedException ResourceAlreadyExistsException ResourceNotFoundException ServiceQuotaExceededException
            ServiceUnavailableException ThrottlingException TooManyTagsException UnrecognizedClientException ValidationException
            """,
        ["dynamodb"] = """
            BackupInUseException BackupNotFoundException ConditionalCheckFailedException ContinuousBackupsUnavailableException
            DuplicateItemException ExportConflictException ExportNotFoundException GlobalTableAlreadyExistsException
            GlobalTableNotFoundException IdempotentParameterMismatchException ImportConflictException ImportNotFoundException
            IndexNotFoundException InternalServerError InvalidExportTimeException InvalidRestoreTimeException
            ItemCollectionSizeLimitExceededException LimitExceededException PointInTimeRecoveryUnavailableException
            PolicyNotFoundException ProvisionedThroughputExceededException ReplicaAlreadyExistsException ReplicaNotFoundException
            ReplicatedWriteConflictException RequestLimitExceeded ResourceInUseException ResourceNotFoundException
            TableAlreadyExistsException TableInUseException TableNotFoundException ThrottlingException TransactionCanceledException
            TransactionConflictException TransactionInProgressException
            """,
        ["dynamodbstreams"] = """
            ExpiredIteratorException InternalServerError LimitExceededException ResourceNotFoundException TrimmedDataAccessException
            """,
        ["eventbridge"] = """
            AccessDeniedException ConcurrentModificationException IllegalStatusException InternalException InvalidEventPatternException
            InvalidStateException LimitExceededException ManagedRuleException OperationDisabledException PolicyLengthExceededException
            ResourceAlreadyExistsException ResourceNotFoundException ThrottlingException
            """,
        ["iam"] = """
            AccountNotManagementOrDelegatedAdministratorException CallerIsNotManagementAccountException ConcurrentModification
            DeleteConflict DuplicateCertificate DuplicateSSHPublicKey EntityAlreadyExists EntityTemporarilyUnmodifiable FeatureDisabled
            FeatureEnabled InvalidAuthenticationCode InvalidCertificate InvalidInput InvalidPublicKey InvalidUserType KeyPairMismatch
            LimitExceeded MalformedCertificate MalformedPolicyDocument NoSuchEntity NotSupportedService=ServiceNotSupportedException
            OpenIdIdpCommunicationError OrganizationNotFoundException OrganizationNotInAllFeaturesModeException PasswordPolicyViolation
            PolicyEvaluation PolicyNotAttachable ReportExpired=CredentialReportExpiredException ReportGenerationLimitExceeded
            ReportInProgress=CredentialReportNotReadyException ReportNotPresent=CredentialReportNotPresentException
            ServiceAccessNotEnabledException ServiceFailure UnmodifiableEntity UnrecognizedPublicKeyEncoding
            """,
        ["kms"] = """
            AlreadyExistsException CloudHsmClusterInUseException CloudHsmClusterInvalidConfigurationException
            CloudHsmClusterNotActiveException CloudHsmClusterNotFoundException CloudHsmClusterNotRelatedException ConflictException
            CustomKeyStoreHasCMKsException CustomKeyStoreInvalidStateException CustomKeyStoreNameInUseException
            CustomKeyStoreNotFoundException DependencyTimeoutException DisabledException DryRunOperationException
            ExpiredImportTokenException IncorrectKeyException IncorrectKeyMaterialException IncorrectTrustAnchorException
            InvalidAliasNameException InvalidArnException InvalidCiphertextException InvalidGrantIdException InvalidGrantTokenException
            InvalidImportTokenException InvalidKeyUsageException InvalidMarkerException KMSInternalException KMSInvalidMacException
            KMSInvalidSignatureException KMSInvalidStateException KeyUnavailableException LimitExceededException
            MalformedPolicyDocumentException NotFoundException TagException UnsupportedOperationException XksKeyAlreadyInUseException
            XksKeyInvalidConfigurationException XksKeyNotFoundException XksProxyIncorrectAuthenticationCredentialException
            XksProxyInvalidConfigurationException XksProxyInvalidResponseException XksProxyUriEndpointInUseException
            XksProxyUriInUseException XksProxyUriUnreachableException XksProxyVpcEndpointServiceInUseException
            XksProxyVpcEndpointServiceInvalidConfigurationException XksProxyVpcEndpointServiceNotFoundException
            """,
        ["lambda"] = """
            CallbackTimeoutException CapacityProviderLimitExceededException CodeSigningConfigNotFoundException
            CodeStorageExceededException CodeVerificationFailedException DurableExecutionAlreadyStartedException EC2AccessDeniedException
            EC2ThrottledException EC2UnexpectedException EFSIOException EFSMountConnectivityException EFSMountFailureException
            EFSMountTimeoutException ENILimitReachedException FunctionVersionsPerCapacityProviderLimitExceededException
            InvalidCodeSignatureException InvalidParameterValueException InvalidRequestContentException InvalidRuntimeException
            InvalidSecurityGroupIDException InvalidSubnetIDException InvalidZipFileException KMSAccessDeniedException KMSDisabledException
            KMSInvalidStateException KMSNotFoundException NoPublishedVersionException PolicyLengthExceededException
            PreconditionFailedException ProvisionedConcurrencyConfigNotFoundException RecursiveInvocationException
            RequestTooLargeException ResourceConflictException ResourceInUseException ResourceNotFoundException ResourceNotReadyException
            S3FilesMountConnectivityException S3FilesMountFailureException S3FilesMountTimeoutException
            SerializedRequestEntityTooLargeException ServiceException SnapStartException SnapStartNotReadyException
            SnapStartTimeoutException SubnetIPAddressLimitReachedException TooManyRequestsException UnsupportedMediaTypeException
            """,
        ["s3"] = """
            AccessDenied BucketAlreadyExists BucketAlreadyOwnedByYou EncryptionTypeMismatch IdempotencyParameterMismatch
            InvalidObjectState InvalidRequest InvalidWriteOffset NoSuchBucket NoSuchKey NoSuchUpload ObjectAlreadyInActiveTierError
            ObjectNotInActiveTierError TooManyParts
            """,
        ["scheduler"] = """
            ConflictException InternalServerException ResourceNotFoundException ServiceQuotaExceededException ThrottlingException
            ValidationException
            """,
        ["secretsmanager"] = """
            DecryptionFailure EncryptionFailure InternalServiceError InvalidNextTokenException InvalidParameterException
            InvalidRequestException LimitExceededException MalformedPolicyDocumentException PreconditionNotMetException
            PublicPolicyException ResourceExistsException ResourceNotFoundException
            """,
        ["sfn"] = """
            ActivityAlreadyExists ActivityDoesNotExist ActivityLimitExceeded ActivityWorkerLimitExceeded ConflictException
            ExecutionAlreadyExists ExecutionDoesNotExist ExecutionLimitExceeded ExecutionNotRedrivable InvalidArn InvalidDefinition
            InvalidEncryptionConfiguration InvalidExecutionInput InvalidLoggingConfiguration InvalidName InvalidOutput InvalidToken
            InvalidTracingConfiguration KmsAccessDeniedException KmsInvalidStateException KmsThrottlingException MissingRequiredParameter
            ResourceNotFound ServiceQuotaExceededException StateMachineAlreadyExists StateMachineDeleting StateMachineDoesNotExist
            StateMachineLimitExceeded StateMachineTypeNotSupported TaskDoesNotExist TaskTimedOut TooManyTags ValidationException
            """,
        ["sns"] = """
            AuthorizationError BatchEntryIdsNotDistinct BatchRequestTooLong ConcurrentAccess EmptyBatchRequest EndpointDisabled
            FilterPolicyLimitExceeded InternalError InvalidBatchEntryId InvalidParameter InvalidSecurity InvalidState KMSAccessDenied
            KMSDisabled KMSInvalidState KMSNotFound KMSOptInRequired KMSThrottling NotFound OptedOut
            ParameterValueInvalid=InvalidParameterValueException PlatformApplicationDisabled ReplayLimitExceeded ResourceNotFound StaleTag
            SubscriptionLimitExceeded TagLimitExceeded TagPolicy Throttled TooManyEntriesInBatchRequest TopicLimitExceeded UserError
            ValidationException VerificationException
            """,
        ["sqs"] = """
            BatchEntryIdsNotDistinct BatchRequestTooLong EmptyBatchRequest InvalidAddress InvalidAttributeName InvalidAttributeValue
            InvalidBatchEntryId InvalidIdFormat InvalidMessageContents InvalidSecurity KmsAccessDenied KmsDisabled KmsInvalidKeyUsage
            KmsInvalidState KmsNotFound KmsOptInRequired KmsThrottled MessageNotInflight OverLimit PurgeQueueInProgress
            QueueDeletedRecently QueueDoesNotExist QueueNameExists ReceiptHandleIsInvalid RequestThrottled ResourceNotFoundException
            TooManyEntriesInBatchRequest UnsupportedOperation
            """,
        ["ssm"] = """
            AccessDeniedException AlreadyExistsException AssociatedInstances AssociationAlreadyExists AssociationDoesNotExist
            AssociationExecutionDoesNotExist AssociationLimitExceeded AssociationVersionLimitExceeded
            AutomationDefinitionNotApprovedException AutomationDefinitionNotFoundException
            AutomationDefinitionVersionNotFoundException AutomationExecutionLimitExceededException
            AutomationExecutionNotFoundException AutomationStepNotFoundException ComplianceTypeCountLimitExceededException
            CustomSchemaCountLimitExceededException DocumentAlreadyExists DocumentLimitExceeded DocumentPermissionLimit
            DocumentVersionLimitExceeded DoesNotExistException DuplicateDocumentContent DuplicateDocumentVersionName
            DuplicateInstanceId FeatureNotAvailableException HierarchyLevelLimitExceededException HierarchyTypeMismatchException
            IdempotentParameterMismatch IncompatiblePolicyException InternalServerError InvalidActivation InvalidActivationId
            InvalidAggregatorException InvalidAllowedPatternException InvalidAssociation InvalidAssociationVersion
            InvalidAutomationExecutionParametersException InvalidAutomationSignalException
            InvalidAutomationStatusUpdateException InvalidCommandId InvalidDeleteInventoryParametersException
            InvalidDeletionIdException InvalidDocument InvalidDocumentContent InvalidDocumentOperation
            InvalidDocumentSchemaVersion InvalidDocumentType InvalidDocumentVersion InvalidFilter InvalidFilterKey
            InvalidFilterOption InvalidFilterValue InvalidInstanceId InvalidInstanceInformationFilterValue
            InvalidInstancePropertyFilterValue InvalidInventoryGroupException InvalidInventoryItemContextException
            InvalidInventoryRequestException InvalidItemContentException InvalidKeyId InvalidNextToken InvalidNotificationConfig
            InvalidOptionException InvalidOutputFolder InvalidOutputLocation InvalidParameters InvalidPermissionType
            InvalidPluginName InvalidPolicyAttributeException InvalidPolicyTypeException InvalidResourceId InvalidResourceType
            InvalidResultAttributeException InvalidRole InvalidSchedule InvalidTag InvalidTarget InvalidTargetMaps
            InvalidTypeNameException InvalidUpdate InvocationDoesNotExist ItemContentMismatchException
            ItemSizeLimitExceededException MalformedResourcePolicyDocumentException MaxDocumentSizeExceeded
            NoLongerSupportedException OpsItemAccessDeniedException OpsItemAlreadyExistsException OpsItemConflictException
            OpsItemInvalidParameterException OpsItemLimitExceededException OpsItemNotFoundException
            OpsItemRelatedItemAlreadyExistsException OpsItemRelatedItemAssociationNotFoundException
            OpsMetadataAlreadyExistsException OpsMetadataInvalidArgumentException OpsMetadataKeyLimitExceededException
            OpsMetadataLimitExceededException OpsMetadataNotFoundException OpsMetadataTooManyUpdatesException
            ParameterAlreadyExists ParameterLimitExceeded ParameterMaxVersionLimitExceeded ParameterNotFound
            ParameterPatternMismatchException ParameterVersionLabelLimitExceeded ParameterVersionNotFound
            PoliciesLimitExceededException ResourceDataSyncAlreadyExistsException ResourceDataSyncConflictException
            ResourceDataSyncCountExceededException ResourceDataSyncInvalidConfigurationException
            ResourceDataSyncNotFoundException ResourceInUseException ResourceLimitExceededException ResourceNotFoundException
            ResourcePolicyConflictException ResourcePolicyInvalidParameterException ResourcePolicyLimitExceededException
            ResourcePolicyNotFoundException ServiceQuotaExceededException ServiceSettingNotFound StatusUnchanged
            SubTypeCountLimitExceededException TargetInUseException TargetNotConnected ThrottlingException TooManyTagsError
            TooManyUpdates TotalSizeLimitExceededException UnsupportedCalendarException UnsupportedFeatureRequiredException
            UnsupportedInventoryItemContextException UnsupportedInventorySchemaVersionException UnsupportedOperatingSystem
            UnsupportedOperationException UnsupportedParameterType UnsupportedPlatformType ValidationException
            """,
        ["sts"] = """
            ExpiredTokenException ExpiredTradeInTokenException IDPCommunicationError IDPRejectedClaim InvalidAuthorizationMessageException
            InvalidIdentityToken JWTPayloadSizeExceededException MalformedPolicyDocument OutboundWebIdentityFederationDisabledException
            PackedPolicyTooLarge RegionDisabledException SessionDurationEscalationException
            """,
    };

    private static readonly FrozenDictionary<(string Service, string Code), string> Names = Codes
        .SelectMany(service =>
            service
                .Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(entry => (Service: service.Key, Entry: entry.Split('=')))
        )
        .ToFrozenDictionary(
            error => (error.Service, error.Entry[0]),
            error => error.Entry.Length > 1 ? error.Entry[1] : WithSuffix(error.Entry[0])
        );

    /// <summary>The exception's name; null where the model does not name the code.</summary>
    public static string? Find(string sdkName, string code) =>
        Names.GetValueOrDefault((sdkName, code)) ?? Names.GetValueOrDefault((sdkName, Bare(code)));

    private static string WithSuffix(string code) => code.EndsWith("Exception", StringComparison.Ordinal) ? code : code + "Exception";

    /// <summary>Rooms may answer the shape's name where the model has a shorter code.</summary>
    private static string Bare(string code) => code.EndsWith("Exception", StringComparison.Ordinal) ? code[..^"Exception".Length] : code;
}
