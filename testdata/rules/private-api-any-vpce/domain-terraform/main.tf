# The first domain leads to an API that lets nobody else in, the second to one that is open.
resource "aws_api_gateway_rest_api" "guarded" {
  name = "guarded"
  endpoint_configuration {
    types = ["PRIVATE"]
  }
}

resource "aws_api_gateway_rest_api_policy" "guarded" {
  rest_api_id = aws_api_gateway_rest_api.guarded.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*" },
      {
        Effect = "Deny", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*"
        Condition = { StringNotEquals = { "aws:SourceVpce" = "vpce-0aaaaaaaaaaaaaaa1" } }
      },
    ]
  })
}

resource "aws_api_gateway_rest_api" "open" {
  name                         = "open"
  disable_execute_api_endpoint = true
  endpoint_configuration {
    types = ["PRIVATE"]
  }
}

resource "aws_api_gateway_rest_api_policy" "open" {
  rest_api_id = aws_api_gateway_rest_api.open.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*" }, # expect: private-api-any-vpce medium possible at "*"
    ]
  })
}

resource "aws_api_gateway_domain_name" "guarded" {
  domain_name     = "guarded.example.com"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/a"
  endpoint_configuration {
    types = ["PRIVATE"]
  }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*" },
    ]
  })
}

resource "aws_api_gateway_base_path_mapping" "guarded" {
  api_id         = aws_api_gateway_rest_api.guarded.id
  stage_name     = "prod"
  domain_name    = aws_api_gateway_domain_name.guarded.domain_name
  domain_name_id = aws_api_gateway_domain_name.guarded.domain_name_id
}

resource "aws_api_gateway_domain_name" "open" {
  domain_name     = "open.example.com"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/a"
  endpoint_configuration {
    types = ["PRIVATE"]
  }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*" }, # expect: private-api-any-vpce medium possible at "*"
    ]
  })
}

resource "aws_api_gateway_base_path_mapping" "open" {
  api_id         = aws_api_gateway_rest_api.open.id
  stage_name     = "prod"
  domain_name    = aws_api_gateway_domain_name.open.domain_name
  domain_name_id = aws_api_gateway_domain_name.open.domain_name_id
}
