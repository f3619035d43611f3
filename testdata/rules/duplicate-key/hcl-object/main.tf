resource "aws_api_gateway_rest_api" "api" {
  name = "api"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Principal = {
        AWS = "arn:aws:iam::111122223333:root"
        AWS = "arn:aws:iam::111122223333:role/Caller" # expect: duplicate-key high at AWS
      }
      Action   = "execute-api:Invoke"
      Resource = "execute-api:/*"
    }]
  })
}
